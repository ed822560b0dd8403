import type { Herd, Return } from './herd.js';
import type { Climate } from './simulate.js';
import type { Weather } from './Weather.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number): string => `${whole(value)} ms`;
const after = (seconds: number | undefined, never: string): string => (seconds === undefined ? never : `${seconds.toFixed(1)} s`);

function row(weather: Weather, climate: Climate): string {
  const { calls, succeeded, failed, refused, amplification, added, opened, openedAfterS, closedAfterS } = climate;
  const cells = [
    `**${weather.name}**: ${weather.what}`,
    whole(calls),
    whole(succeeded),
    whole(failed),
    `${whole(refused)} (${((100 * refused) / calls).toFixed(1)} %)`,
    `× ${amplification.toFixed(3)}`,
    `${ms(added.mean)}, ${ms(added.p99)}, ${ms(added.longest)}`,
    after(openedAfterS, 'never'),
    opened === 0 ? '–' : after(closedAfterS, 'still open'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function herdRow([herd, { firstMs, lastMs, densest }]: readonly [Herd, Return]): string {
  return `| **${herd.what}** | ${ms(firstMs)} to ${ms(lastMs)} | ${(100 * densest).toFixed(1)} % |`;
}

/** The Markdown of docs/weathers.md. */
export function renderWeathers(
  climates: readonly { readonly weather: Weather; readonly climate: Climate }[],
  herds: readonly (readonly [Herd, Return])[],
): string {
  return `# The defaults under many weathers

What a policy with nothing but \`circuitBreaker: {}\` makes of a dependency in trouble, simulated call by call on a fake clock.
Made by \`UPDATE_DOCS=1 npx jest test/weathers\`, which also holds it; not edited by hand.

A healthy attempt takes 20 ms, one that fails 5 ms, and one that hangs is cut short by \`attemptTimeoutMs\` after 10 s.
*Amplification* is attempts for each call that made one. *Added latency* is what calls took beyond a healthy attempt (mean, 99th percentile, longest),
those left out that the circuit refused before their first attempt. *Opened* counts from the start of the trouble, *closed* from its end.

| weather | calls | succeeded | failed | refused | amplification | added latency | opened after | closed after |
|---|---|---|---|---|---|---|---|---|
${climates.map(({ weather, climate }) => row(weather, climate)).join('\n')}

**A herd**: a thousand callers are turned away at one moment, each with the same \`Retry-After\`. When they come back after it, and the most of
them in any twentieth of the time that the wait is spread over (5 % would be even):

| callers | come back, after the wait | densest twentieth |
|---|---|---|
${herds.map(herdRow).join('\n')}

What to read from it:

- Noise and a poison request never open the circuit: a rate asks for half of the calls of the last 30 s, where a count would add up.
- Retries are paid from a budget, so trouble makes at most about 20 % more requests, and a brownout is not made an outage.
- The rate looks back 30 s, so after a long time without trouble it would take half of that to see an outage. Twenty failures in a row
  show it at once (\`consecutiveFailures\`), and noise does not make such a run: of ten million calls, one in a hundred of which fails, none does.
- A lost connection fails every attempt that was on it, a hundred in a row. They count as one: failures within a second of the run's first,
  of attempts begun before it, say the same thing again.
- The circuit stays open for 5 s, then for 10 s at a time, give or take 20 %, so it closes within 15 s of the recovery, however long it was gone.
  Behind a hang it may take an attempt timeout more: a probe that was sent just before the recovery waits for its own.
- Behind a hang the first calls wait for their timeouts; the circuit opens a second after the first of them, and then nobody waits but the probes.
- A herd that was told when to come back does not come back at once: a wait is spread upwards by a fifth, at least 250 ms, at most 30 s, and
  less where the call has little time left after it.
- A dependency that flaps is called again at the first probe that meets it well, and refused again after twenty failures.
- Slow is not failed: nothing opens on it unless \`slowCallMs\` says so. But a dependency that answers slowly and refuses fast shows its
  refusals first, and twenty of them before the first answer are a run: where that is usual, give a larger \`consecutiveFailures\`, or \`false\`.
- A pod with one call a second has twenty calls in its window too, so one failure is no reason to refuse anything.
`;
}
