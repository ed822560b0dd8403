import { parseExposition } from './parseExposition.js';

describe('parseExposition', () => {
  it.each([
    {
      given: 'a given type and help',
      body: '# HELP x_total help\n# TYPE x_total counter\nx_total 3',
      samples: [{ name: 'x_total', labels: {}, value: 3 }],
    },
    { given: 'labels', body: 'x{a="1",b_c="two"} 0.5', samples: [{ name: 'x', labels: { a: '1', b_c: 'two' }, value: 0.5 }] },
    { given: 'a timestamp', body: 'x{a="1"} 7 1700000000000', samples: [{ name: 'x', labels: { a: '1' }, value: 7 }] },
    { given: 'escapes', body: 'x{a="q\\"b\\\\s\\nn,}"} 1', samples: [{ name: 'x', labels: { a: 'q"b\\s\nn,}' }, value: 1 }] },
    {
      given: 'infinity',
      body: 'x_bucket{le="+Inf"} +Inf',
      samples: [{ name: 'x_bucket', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY }],
    },
    { given: 'no number', body: 'x NaN', samples: [{ name: 'x', labels: {}, value: Number.NaN }] },
    { given: 'an empty line', body: '\n', samples: [] },
  ])('reads a line with $given', ({ body, samples }) => {
    expect(parseExposition(body)).toEqual(samples);
  });
});
