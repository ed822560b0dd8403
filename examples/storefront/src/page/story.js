import { at, el, write } from './el.js';

let direct = () => undefined;

/** Calls `onDirected` with the state that follows what a person asked of the story. */
export function startStory(onDirected) {
  direct = async (direction) => {
    const response = await fetch('/api/story', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(direction),
    });
    if (response.ok) onDirected(await response.json());
  };
  at('hold').onclick = () => direct({ to: at('hold').getAttribute('aria-pressed') === 'true' ? 'go-on' : 'hold' });
  at('replay').onclick = () => direct({ to: 'play', step: 1 });
}

/** What is played now, and the steps to play from. */
export function showStory({ now, shopUrl }) {
  at('story').hidden = false;
  at('controls').hidden = now === undefined;
  if (now === undefined) {
    write('story-title', 'Nobody asks the shop');
    write('story-happens', `Ask it yourself: curl ${shopUrl}/products/1`);
    return;
  }
  write('story-step', now.held ? `Step ${now.number} of ${now.of}, paused: its trouble goes on` : `Step ${now.number} of ${now.of}`);
  write('story-title', now.title);
  write('story-happens', now.happens);
  write('story-watch', now.watch);
  const left = Math.max(1, Math.ceil(now.secondsLeft));
  write('story-next', now.held ? `then: ${now.next}` : `in ${left} s: ${now.next}`);
  at('hold').setAttribute('aria-pressed', String(now.held));
  write('hold', now.held ? 'Go on' : 'Pause');
  showSteps(now);
  showProgress(now);
}

function showSteps({ steps, number }) {
  if (at('steps').childElementCount !== steps.length) {
    at('steps').replaceChildren(
      ...steps.map((title, i) => {
        const label = `${i + 1}: ${title}`;
        return el(
          'li',
          {},
          el(
            'button',
            { title: label, 'aria-label': `Play from ${label}`, onclick: () => direct({ to: 'play', step: i + 1 }) },
            String(i + 1),
          ),
        );
      }),
    );
  }
  for (const [i, item] of [...at('steps').children].entries()) {
    item.firstChild.setAttribute('aria-current', i + 1 === number ? 'step' : 'false');
  }
}

function showProgress({ title, seconds, secondsLeft, held }) {
  const bar = at('progress');
  if (bar.dataset.phase !== title) {
    bar.dataset.phase = title;
    bar.style.transition = 'none';
    setTimeout(() => bar.style.removeProperty('transition'), 50);
  }
  // Half a second ahead: it moves to where the story will be when it is told again.
  bar.style.width = `${Math.min(100, 100 * (1 - (secondsLeft - (held ? 0 : 1)) / seconds))}%`;
}
