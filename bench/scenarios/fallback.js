/** What a fallback costs a call that needs none. */
import { measureAdded } from '../subjects/added.js';

await measureAdded('What a fallback adds to a successful call, which does not need it, no SDK', {
  within: { options: { fallback: { value: 0 } }, described: 'fallback.value' },
});
