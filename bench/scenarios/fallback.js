/** What a fallback costs a call that needs none. */
import { measureAdded } from '../subjects/added.js';

await measureAdded('a fallback adds to a successful call, which does not need it', { fallback: { value: 0 } }, 'fallback.value', 100);
