import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { faultsSeen, isLookedAt, LOOKS, type Look, PICTURES, pictured } from './looks.ts'
import type { Office } from './office.ts'
import { faultsOf, type Person, SCREEN } from './person.ts'

/** What was done in the office, by the addresses of its pages. */
export interface Done {
  readonly good: string
  readonly failed: string
  readonly stopped: string
  readonly waits: string
}

/** Every page of the control room, by its name: who looks at it, and where it is. */
function pagesOf({
  good,
  failed,
  stopped,
  waits,
}: Done): readonly (readonly [name: string, who: 'ada' | 'ben', path: string])[] {
  const at = (url: string): string => new URL(url).pathname
  return [
    ['overview-of-ada', 'ada', '/'],
    ['overview-of-ben', 'ben', '/'],
    ['executions', 'ada', '/executions'],
    ['executions-filtered', 'ada', '/executions?state=rolled-back&switch=leaf3'],
    ['execution-good', 'ada', at(good)],
    ['execution-failed', 'ada', at(failed)],
    ['execution-redriven', 'ada', at(stopped)],
    ['execution-waits', 'ben', at(waits)],
    ['workflows', 'ada', '/workflows'],
    ['plan-form-empty', 'ada', '/workflows/workflows/add-vlan.yaml'],
    ['switches', 'ada', '/switches'],
    ['switch', 'ada', '/switches/leaf3'],
    ['snapshots', 'ada', '/snapshots'],
    ['snapshot-diff', 'ada', '/snapshots/diff?before=before-night&after=after-night'],
    ['schedules', 'ada', '/schedules'],
    ['record', 'ada', '/record'],
    ['record-of-one', 'ada', `/record?execution=${at(failed).split('/').at(-1)}`],
    ['policy', 'ada', '/policy?action=task.push&switch=leaf3&workflow=workflows%2Fadd-vlan.yaml'],
    ['me', 'ben', '/me'],
    ['stop-form', 'ada', `${at(waits)}/stop`],
    ['suspend-form', 'ada', `${at(waits)}/suspend`],
    ['redrive-form', 'ada', `${at(failed)}/redrive`],
    ['rollback-form', 'ada', `${at(good)}/rollback`],
    ['freeze-form', 'ada', '/freeze'],
    ['stop-all-form', 'ada', '/stop-all'],
  ]
}

/** Those of which a picture is kept, and how. */
const KEPT: Readonly<Record<string, readonly Look[]>> = {
  executions: ['1440'],
  'execution-failed': ['1440', '390'],
  'execution-good': ['1440'],
  workflows: ['1440'],
  switches: ['1440'],
  switch: ['1440'],
  snapshots: ['1440'],
  record: ['1440'],
  policy: ['1440'],
  me: ['1440'],
}

/**
 * Looks at every page in one look after the other, by night in each look, and reads it without script. axe judges half of them, and all by night.
 * Gives how many were looked at.
 */
export async function everyPage(
  browser: Browser,
  office: Office,
  people: Readonly<Record<'ada' | 'ben', Person>>,
  done: Done,
): Promise<number> {
  const pages = pagesOf(done)
  const states = { ada: await people.ada.context.storageState(), ben: await people.ben.context.storageState() }
  const headings = new Map<string, string>()
  const ofCut = new Set(PICTURES === undefined ? everyNthOfLong(2, 'pages of the office', pages) : pages)
  const round = async (
    options: object,
    isOf: (index: number) => boolean,
    look: (tab: Page, name: string, isOfCut: boolean) => Promise<void>,
  ): Promise<number> => {
    let seen = 0
    for (const who of ['ada', 'ben'] as const) {
      const context = await browser.newContext({ ...SCREEN, ...options, storageState: states[who] })
      onTestFinished(() => context.close())
      const tab = await context.newPage()
      const faults = faultsOf(tab, office)
      for (const [index, entry] of pages.entries()) {
        const [name, of, path] = entry
        if (of !== who || !isOf(index)) continue
        await tab.goto(office.origin + path)
        await look(tab, name, ofCut.has(entry))
        expect([name, faults]).toEqual([name, []])
        seen += 1
      }
      await context.close()
    }
    return seen
  }
  const judged = (['1440', '1440-dark', '390'] as const).map((look, _, looks) =>
    round(
      LOOKS[look],
      (index) => isLookedAt(index, look, looks),
      async (tab, name, isOfCut) => {
        if (isOfCut) expect([name, look, await faultsSeen(tab)]).toEqual([name, look, []])
        headings.set(name, await headingOf(tab))
        if (KEPT[name]?.includes(look) === true) await pictured(tab, name, look)
      },
    ),
  )
  const seen = await Promise.all(judged)
  const read = await round(
    { javaScriptEnabled: false },
    () => true,
    async (tab, name) => {
      expect([name, await headingOf(tab)]).toEqual([name, headings.get(name)])
      expect([name, (await tab.locator('main').innerText()).length > 60]).toEqual([name, true])
    },
  )
  return [...seen, read].reduce((sum, one) => sum + one, 0)
}

/** The heading of a page. How many records were verified is another number as soon as they are verified anew. */
async function headingOf(tab: Page): Promise<string> {
  return (await tab.locator('h1').innerText()).replace(/\d+ records?/, 'so many records')
}
