/** What a colour on the page means; the page says it in words too. */
export type Tone = 'good' | 'bad' | 'wait' | 'circuit' | 'plain';
