import { nameOf } from './nameOf.js';

describe('nameOf', () => {
  it.each([
    { given: 'an Error', error: new Error(), then: 'Error' },
    { given: 'a TypeError', error: new TypeError(), then: 'TypeError' },
    { given: 'a name that was set', error: Object.assign(new Error(), { name: 'ThrottlingException' }), then: 'ThrottlingException' },
    { given: 'a class that never set one', error: new (class OutOfStock extends Error {})(), then: 'OutOfStock' },
    { given: 'a class without a name', error: new (class extends Error {})(), then: undefined },
    { given: 'an empty name', error: Object.assign(new RangeError(), { name: '' }), then: 'RangeError' },
    { given: 'a name that is no text', error: Object.assign(new RangeError(), { name: 42 }), then: 'RangeError' },
    { given: 'a DOMException', error: new DOMException('late', 'TimeoutError'), then: 'TimeoutError' },
    { given: 'a plain object', error: {}, then: 'Object' },
    { given: 'no prototype', error: Object.create(null), then: undefined },
    { given: 'a constructor whose name is no text', error: { constructor: { name: 7 } }, then: undefined },
    { given: 'null', error: null, then: undefined },
  ])('$given: $then', ({ error, then }) => {
    expect(nameOf(error)).toBe(then);
  });
});
