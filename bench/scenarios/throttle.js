/** What an adaptive throttle costs a call that it lets through. */
import { measureGate } from '../subjects/throughGate.js';

await measureGate('an adaptive throttle', { throttle: {} }, 'a throttle with its defaults');
