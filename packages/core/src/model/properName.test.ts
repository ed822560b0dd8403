import fc from 'fast-check';
import { properName } from './properName.js';

/** Whether it survives UTF-8, which lone surrogates do not. */
const isWellFormed = (text: string): boolean => new TextDecoder().decode(new TextEncoder().encode(text)) === text;

const withoutToWellFormed = <R>(run: () => R): R => {
  const descriptor = Object.getOwnPropertyDescriptor(String.prototype, 'toWellFormed');
  Reflect.deleteProperty(String.prototype, 'toWellFormed');
  try {
    return run();
  } finally {
    if (descriptor !== undefined) Object.defineProperty(String.prototype, 'toWellFormed', descriptor);
  }
};

describe('a proper name', () => {
  it.each([
    { given: 'inventory', then: 'inventory' },
    { given: '', then: '' },
    { given: 'größe 🎉', then: 'größe 🎉' },
    { given: 'a'.repeat(255), then: 'a'.repeat(255) },
    { given: 'a'.repeat(256), then: 'a'.repeat(255) },
    { given: `${'a'.repeat(253)}🎉`, then: `${'a'.repeat(253)}🎉` },
    { given: `${'a'.repeat(254)}🎉`, then: 'a'.repeat(254) },
    { given: `${'a'.repeat(253)}🎉b`, then: `${'a'.repeat(253)}🎉` },
    { given: `${'a'.repeat(254)}\ud800b`, then: `${'a'.repeat(254)}\ufffd` },
    { given: '\ud800', then: '\ufffd' },
    { given: 'a\udc01b', then: 'a\ufffdb' },
    { given: '\udc00\ud800', then: '\ufffd\ufffd' },
  ])('[registry.proper-names] of $given is $then', ({ given, then }) => {
    expect(properName(given)).toBe(then);
    expect(withoutToWellFormed(() => properName(given))).toBe(then);
  });

  it('[registry.proper-names] is short and well-formed, the same again, and the same where the runtime knows no toWellFormed', () => {
    const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 300 });
    fc.assert(
      fc.property(text, (given) => {
        const name = properName(given);
        expect(name.length).toBeLessThanOrEqual(255);
        expect(isWellFormed(name)).toBe(true);
        expect(properName(name)).toBe(name);
        expect(withoutToWellFormed(() => properName(given))).toBe(name);
      }),
    );
  });
});
