import { diag } from '@opentelemetry/api';
import { firstLine, tellDiag } from './tellDiag.js';

describe('firstLine', () => {
  it.each([
    { message: 'policy a was made again', line: 'policy a was made again' },
    { message: 'one\ntwo', line: 'one' },
    {
      message: JSON.stringify({ stack: 'Error: connect ECONNREFUSED\n    at x', code: 'ECONNREFUSED' }),
      line: 'Error: connect ECONNREFUSED',
    },
    { message: JSON.stringify({ name: 'E', stack: 'E: "quoted"\n    at x' }), line: 'E: \\"quoted\\"' },
    { message: '', line: '' },
  ])('of $message is $line', ({ message, line }) => {
    expect(firstLine(message)).toBe(line);
  });
});

it('tells warnings and errors, each once', () => {
  const told: string[] = [];
  tellDiag((message) => told.push(message));
  diag.warn('a');
  diag.error('b');
  diag.warn('a');
  diag.info('c');
  diag.disable();
  expect(told).toEqual(['a', 'b']);
});
