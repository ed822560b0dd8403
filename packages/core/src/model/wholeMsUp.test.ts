import { wholeMsUp } from './wholeMsUp.js';

describe('whole milliseconds', () => {
  it.each([
    [0, 0],
    [200, 200],
    [200.00000000000003, 200],
    [700.0000000000002, 700],
    [200.001, 201],
    [200.9, 201],
  ])('of %p are %p', (ms, whole) => {
    expect(wholeMsUp(ms)).toBe(whole);
  });
});
