import { FakeClock } from '@redress/core/testing';
import { run } from './run.js';

// What the entry for tests needs of an SDK is loaded when a test asks for it, so that its fakes work without.
const clock = new FakeClock();
run().then((said) => console.log(clock.now() === 0 ? said : 'a clock that is wrong'));
