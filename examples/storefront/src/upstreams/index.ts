export { noFault, upstreamNames, type Fault, type FaultPlan, type FaultRequest, type UpstreamName } from './Fault.js';
export { defaultProfiles, outageFault, seededFaults, type FaultProfile, type WeightedFault } from './seededFaults.js';
export { startUpstreams, type AcceptedRequest, type Upstreams, type UpstreamsOptions } from './startUpstreams.js';
