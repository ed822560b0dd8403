/** What a bulkhead costs a call that it lets through; with a peer as argument, the bulkhead beside that one's. */
import { Bulkhead } from '@redress/core';
import { measureBeside, measureGate } from '../subjects/throughGate.js';

const options = { maxConcurrent: 100 };
const described = 'bulkhead.maxConcurrent 100';
const name = ['cockatiel', 'p-limit'].find((peer) => process.argv.includes(peer));

if (name === undefined) await measureGate('a bulkhead', { bulkhead: options }, described);
else {
  const { bulkhead: peer } = await import(`../subjects/${name}.js`);
  const alone = new Bulkhead(options);
  await measureBeside('a bulkhead', peer, { name: 'Bulkhead', alone, gate: { bulkhead: options }, described });
}
