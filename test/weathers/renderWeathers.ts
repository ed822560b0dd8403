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

/** The Markdown of docs/weathers.md. */
export function renderWeathers(climates: readonly { readonly weather: Weather; readonly climate: Climate }[]): string {
  return `# The defaults under six weathers

What a policy with nothing but \`circuitBreaker: {}\` makes of a dependency in trouble, simulated call by call on a fake clock.
Made by \`UPDATE_DOCS=1 npx jest test/weathers\`, which also holds it; not edited by hand.

A healthy attempt takes 20 ms, one that fails 5 ms, and one that hangs is cut short by \`attemptTimeoutMs\` after 10 s.
*Amplification* is attempts for each call that made one. *Added latency* is what calls took beyond a healthy attempt (mean, 99th percentile, longest),
those left out that the circuit refused before their first attempt. *Opened* counts from the start of the trouble, *closed* from its end.

| weather | calls | succeeded | failed | refused | amplification | added latency | opened after | closed after |
|---|---|---|---|---|---|---|---|---|
${climates.map(({ weather, climate }) => row(weather, climate)).join('\n')}

What to read from it:

- Noise and a poison request never open the circuit: a rate asks for half of the calls of the last 30 s, where a count would add up.
- Retries are paid from a budget, so trouble makes at most about 20 % more requests, and a brownout is not made an outage.
- The rate looks back 30 s. After a long time without trouble an outage must last for half of that before it is half of the calls;
  who wants to open sooner gives \`trip: { type: 'rate', windowMs: 10_000 }\`, which opens within 5 s whatever came before.
- The circuit stays open longer with each failed probe, 5 s, 10 s, 20 s up to 60 s, so after a long outage it closes later than after a short one:
  at the worst about 5 s longer than the outage lasted, and never more than 72 s. Who wants it sooner gives \`recoveryMs: () => 5_000\`.
- Behind a hang the first calls wait for their timeouts; once the circuit is open nobody waits but the probes.
- A pod with one call a second has twenty calls in its window too, so one failure is no reason to refuse anything.
`;
}
