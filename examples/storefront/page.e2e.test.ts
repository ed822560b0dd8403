import { Chromium } from './Chromium.js';
import { eventually, json, RunningDemo } from './RunningDemo.js';
import type { PageState } from './src/receiver/PageState.js';

/** The page as people see it: in a browser, with the demo behind it. */
const describeInBrowser = Chromium.isWanted() ? describe : describe.skip;

/** Elements whose text is wider than they are, and of which a part is therefore not to be seen. */
const cutOff = `[...document.querySelectorAll('section *')]
  .filter((node) => node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== 'visible' && node.tagName !== 'CODE')
  .map((node) => node.outerHTML.slice(0, 200))`;
const bottomOf = (selector: string): string => `document.querySelector('${selector}').getBoundingClientRect().bottom`;
const textOf = (selector: string): string => `document.querySelector('${selector}')?.textContent`;

describeInBrowser('the page', () => {
  let demo: RunningDemo;
  let browser: Chromium;
  let page: string;

  beforeAll(async () => {
    RunningDemo.mustBeBuilt();
    demo = new RunningDemo([]);
    page = await demo.url('Open this:');
    browser = await Chromium.start();
    await browser.view({ width: 1_400, height: 900 });
    await browser.open(page);
    await seen('a trace, three upstreams and six figures', () =>
      browser.evaluate(
        `document.querySelectorAll('.item').length > 0 && document.querySelectorAll('#trace .row').length > 0
          && document.querySelectorAll('.upstream').length === 3 && document.querySelectorAll('.figure').length === 6`,
      ),
    );
  }, 60_000);

  afterAll(async () => {
    await browser?.stop();
    demo?.killIfRunning();
  });

  const seen = (what: string, look: () => Promise<boolean>, withinMs = 20_000) =>
    eventually(what, withinMs, async () => ((await look()) ? true : undefined));
  const click = (selector: string) => browser.evaluate(`document.querySelector('${selector}').click()`);
  const step = async () => (await json<PageState>(`${page}/api/state`)).now;

  it.each([
    { width: 1_400, height: 900, dark: false, circuitsAbove: 450 },
    { width: 1_920, height: 1_000, dark: true, circuitsAbove: 450 },
    { width: 400, height: 800, dark: false, circuitsAbove: 800 },
    { width: 400, height: 800, dark: true, circuitsAbove: 800 },
  ])('at $width×$height, dark: $dark, shows circuits and budgets at once, and cuts nothing off', async (view) => {
    await browser.view(view);
    expect(await browser.evaluate<number>(bottomOf('[data-upstream=payments] .pill'))).toBeLessThan(view.circuitsAbove);
    expect(await browser.evaluate<number>(bottomOf('[data-upstream=payments] [data-budget]'))).toBeLessThan(view.circuitsAbove);
    expect(await browser.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await browser.evaluate(cutOff)).toEqual([]);
    await browser.view({ width: 1_400, height: 900 });
  });

  it('has a legend for what the trace shows', async () => {
    expect(await browser.evaluate(textOf('.legend'))).toContain('an attempt that was answered');
    expect(await browser.evaluate(textOf('.keys'))).toContain('half open');
  });

  it('plays from a step, says that the budget is empty when it is, and stays there while it is paused', async () => {
    await click('#steps li:nth-child(6) button');
    await seen('a budget of 0', async () => (await browser.evaluate(textOf('[data-upstream=inventory] [data-budget]'))) === '0');
    await click('#hold');
    await seen('the pause', async () => (await browser.evaluate(textOf('#hold'))) === 'Go on');
    const held = await step();
    // It goes on to be 0, whatever moment of its second a scrape falls into.
    for (let look = 0; look < 5; look++) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(await browser.evaluate(textOf('[data-upstream=inventory] [data-budget]'))).toMatch(/^0(\.\d)?$/);
      const { figures } = await json<PageState>(`${page}/api/state`);
      expect(figures[5]?.values.find(({ label }) => label === 'inventory')?.text).toMatch(/^0\.\d$/);
    }
    expect(await step()).toMatchObject({ number: 6, held: true, secondsLeft: held?.secondsLeft });
    await seen('the story’s own kind of trace', async () => /No retry left/.test(await browser.evaluate(textOf('#trace .kind'))));
    await click('#hold');
    await seen('that it goes on', async () => (await step())?.held === false);
  }, 40_000);

  it('keeps the list still while a person moves in it, says how many are new, and goes on soon', async () => {
    const { x, y } = await browser.evaluate<{ x: number; y: number }>(
      `(({ left, top }) => ({ x: left + 60, y: top + 80 }))(document.querySelector('#list').getBoundingClientRect())`,
    );
    const ids = `[...document.querySelectorAll('.item')].map((item) => item.dataset.id).join()`;
    await browser.movePointer(x, y);
    const before = await browser.evaluate(ids);
    await seen('how many are new', () => browser.evaluate(`!document.querySelector('#new').hidden`));
    expect(await browser.evaluate(textOf('#new'))).toMatch(/^\d+ new: show$/);
    expect(await browser.evaluate(ids)).toBe(before);
    // The pointer rests there still.
    await seen('that the list goes on', async () => (await browser.evaluate(ids)) !== before, 8_000);
  }, 40_000);

  it('leaves who came by keyboard where they are, and lets the chosen trace stay', async () => {
    await browser.evaluate(`document.querySelector('.item').focus()`);
    await browser.press('ArrowDown');
    const id = await browser.evaluate<string>('document.activeElement.dataset.id');
    await browser.press('Enter');
    await seen(
      'the chosen trace',
      async () => (await browser.evaluate(textOf('#trace .id'))) !== undefined && (await browser.evaluate('location.hash')) === `#${id}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(await browser.evaluate('document.activeElement.dataset.id')).toBe(id);
    expect(await browser.evaluate(`document.querySelector('.item[aria-current=true]').dataset.id`)).toBe(id);
    await click('#trace .kind .button');
    await seen('that it follows the story', async () => (await browser.evaluate('location.hash')) === '');
  }, 40_000);

  it('says so when the demo has ended, and wrote no error', async () => {
    expect(browser.errors).toEqual([]);
    await demo.end('SIGTERM');
    await seen('the alarm', () => browser.evaluate(`!document.querySelector('#alarm').hidden`));
  }, 30_000);
});
