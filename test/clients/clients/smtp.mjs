import { smtpClassifier } from '@redress/core';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

const fails = (code, message) => Object.assign(new Error(message), { responseCode: code });

export const client = {
  name: 'nodemailer',
  strict: smtpClassifier,
  start: async (upstream) => {
    const server = new SMTPServer({
      logger: false,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      authOptional: true,
      onAuth: (_, __, done) => done(fails(535, '5.7.8 wrong password')),
      onRcptTo: ({ address }, _, done) => {
        const [what] = address.split('@');
        const answers = {
          greylisted: [451, '4.7.1 try again later'],
          full: [452, '4.2.2 mailbox full'],
          stranger: [550, '5.1.1 no such user'],
          limited: [421, '4.7.0 too many messages'],
        };
        done(answers[what] && fails(...answers[what]));
      },
      onData: (stream, _, done) => {
        stream.resume();
        stream.on('end', () => done(fails(554, '5.7.1 rejected as spam')));
      },
    });
    server.on('error', () => undefined);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address();
    const send = (to, more) =>
      createTransport({
        host: '127.0.0.1',
        port,
        secure: false,
        ignoreTLS: true,
        ...more,
      }).sendMail({ from: 'shop@example.org', to: `${to}@example.org`, subject: 'hi', text: 'hi' });
    return {
      situations: [
        {
          happened: 'connection refused',
          run: () => send('a', { port: upstream.closedPort }),
          then: ['TRANSIENT', 'ECONNREFUSED', undefined, true],
        },
        {
          happened: 'no greeting in time',
          run: () => send('a', { port: upstream.silentPort, greetingTimeout: 200 }),
          then: ['TRANSIENT', 'ETIMEDOUT'],
        },
        { happened: 'greylisted', run: () => send('greylisted'), then: ['TRANSIENT', '451', undefined, true] },
        { happened: 'mailbox full', run: () => send('full'), then: ['TRANSIENT', '452', undefined, true] },
        { happened: 'no such user', run: () => send('stranger'), then: ['PERMANENT', '550'] },
        { happened: 'rejected as spam', run: () => send('a'), then: ['PERMANENT', '554'] },
        { happened: 'wrong password', run: () => send('a', { auth: { user: 'shop', pass: 'wrong' } }), then: ['AUTH', '535'] },
      ],
      stop: () => new Promise((resolve) => server.close(resolve)),
    };
  },
};
