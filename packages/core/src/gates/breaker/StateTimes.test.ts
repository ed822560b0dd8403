import { StateTimes } from './StateTimes.js';

describe('StateTimes', () => {
  it('begins closed and adds up, state by state, to the time since', () => {
    const times = new StateTimes(1_000);
    expect(times.state).toBe('closed');
    expect(times.at(1_000)).toEqual({ closed: 0, open: 0, half_open: 0, forced_open: 0 });
    expect(times.at(1_005)).toEqual({ closed: 5, open: 0, half_open: 0, forced_open: 0 });
    times.move('open', 1_010);
    expect(times.state).toBe('open');
    expect(times.at(1_010)).toEqual({ closed: 10, open: 0, half_open: 0, forced_open: 0 });
    times.move('half_open', 1_030);
    times.move('closed', 1_070);
    times.move('closed', 1_080);
    times.move('forced_open', 1_100);
    expect(times.at(1_200)).toEqual({ closed: 40, open: 20, half_open: 40, forced_open: 100 });
    expect(times.at(1_201)).toEqual({ closed: 40, open: 20, half_open: 40, forced_open: 101 });
  });
});
