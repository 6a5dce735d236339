import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { exits, runningConfig } from '../lab/lab.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { faultsSeen, inLooks, isLookedAt, LOOKS, type Look, PICTURES, pictured } from './looks.ts'
import {
  addAuthenticator,
  faultsOf,
  hasVlan,
  LEAVES,
  type Office,
  openOffice,
  type Person,
  personAt,
  press,
  SCREEN,
  SOON,
  said,
  signIn,
  type,
} from './office.ts'

/** What was done in the office, by the addresses of its pages. */
interface Done {
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
  const at = (url: string) => new URL(url).pathname
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
 * Looks at every page in one look after the other, by night in each look. axe judges half of them, and those are read without script; by night all.
 * Gives how many were looked at.
 */
async function everyPage(
  browser: Browser,
  office: Office,
  people: Readonly<Record<'ada' | 'ben', Person>>,
  done: Done,
) {
  const pages = pagesOf(done)
  const states = { ada: await people.ada.context.storageState(), ben: await people.ben.context.storageState() }
  const headings = new Map<string, string>()
  const ofCut = new Set(PICTURES === undefined ? everyNthOfLong(2, 'pages of the office', pages) : pages)
  const round = async (
    options: object,
    isOf: (index: number, entry: (typeof pages)[number]) => boolean,
    look: (tab: Page, name: string, isOfCut: boolean) => Promise<void>,
  ) => {
    let seen = 0
    for (const who of ['ada', 'ben'] as const) {
      const context = await browser.newContext({ ...SCREEN, ...options, storageState: states[who] })
      onTestFinished(() => context.close())
      const tab = await context.newPage()
      const faults = faultsOf(tab, office)
      for (const [index, entry] of pages.entries()) {
        const [name, of, path] = entry
        if (of !== who || !isOf(index, entry)) continue
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
    (_, entry) => ofCut.has(entry),
    async (tab, name) => {
      expect([name, await headingOf(tab)]).toEqual([name, headings.get(name)])
      expect([name, (await tab.locator('main').innerText()).length > 60]).toEqual([name, true])
    },
  )
  return [...seen, read].reduce((sum, one) => sum + one, 0)
}

/** The heading of a page. How many records were verified is another number as soon as they are verified anew. */
async function headingOf(tab: Page) {
  return (await tab.locator('h1').innerText()).replace(/\d+ records?/, 'so many records')
}

if (CHROMIUM === undefined)
  process.stderr.write('NOT TRIED: people of an identity provider in a real browser, since there is no Chromium here\n')

/** Pictures wait so long that there is something to see on them. */
const MINUTES = PICTURES === undefined ? 400_000 : 600_000

describe.skipIf(CHROMIUM === undefined)('the control room of a company in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  test(
    'by keyboard alone: one asks, another approves with a passkey; what is good stays, what is bad is put back, what is stopped goes on again',
    async () => {
      const office = await openOffice({ stableFor: PICTURES === undefined ? '2s' : '14s' })
      const [ada, ben] = [await personAt(browser, office, 'ada'), await personAt(browser, office, 'ben')]
      await pictureOfLogin(office, ben)
      await Promise.all([signIn(ada, office), signIn(ben, office)])
      await trustPasskey(office, ben)

      const good = await goodChange(office, ada, ben)
      const failed = await failingChange(office, ada, ben)
      await readSwitches(office, ada)
      const waits = await planned(office, ada, { vlan: '180', label: 'DMZ-EDGE' })
      const stopped = await stoppedAndRedriven(office, ada, ben)
      const seen = await everyPage(browser, office, { ada, ben }, { good, failed, stopped, waits })
      expect(seen).toBe(extentOfLong(PICTURES === undefined ? 38 : 100, 100))
      await rolledBack(office, ada, ben, good)
      await rejected(office, ben, waits)

      expect([...ada.faults, ...ben.faults]).toEqual([])
      office.server.kill('SIGTERM')
      await exits(0, office.server.ended)
    },
    MINUTES,
  )
})

async function pictureOfLogin({ origin }: Office, { page }: Person) {
  await page.goto(`${origin}/login`)
  expect(await faultsSeen(page)).toEqual([])
  await pictured(page, 'login', '1440')
}

/** The page shows the line of a new passkey; a reviewed commit adds it to the trust file. */
async function trustPasskey(office: Office, ben: Person) {
  const { page } = ben
  await addAuthenticator(ben.page)
  await page.goto(`${office.origin}/me`)
  await press(page, 'Make a passkey')
  await page.waitForURL('**/me/passkeys')
  const line = await page.locator('pre').innerText()
  expect(line).toMatch(/^corp:sub:ben .*person="E311"/)
  office.add('trust/passkeys', `${line.trim()}\n`)
}

/** Fills in the form of a workflow; gives the execution that waits for its approval. */
async function planned(
  { origin }: Office,
  { page }: Person,
  values: Readonly<Record<string, string>>,
  workflow = 'add-vlan',
) {
  await page.goto(`${origin}/workflows`)
  await press(page, `Plan with ${workflow}`)
  await page.waitForURL(`**/workflows/workflows/${workflow}.yaml`)
  for (const [name, value] of Object.entries(values)) await type(page, name, value)
  await press(page, 'Make the plan')
  await page.waitForURL('**/executions/*')
  const headline = await said(page, /Waits for an approval: plan [0-9a-f]{8} would change \d switch/)
  expect(headline).not.toBe('')
  return page.url()
}

/** Opens what waits for this person from the overview, by the title of the change. */
async function review({ origin }: Office, { page }: Person, title: string) {
  await page.goto(origin)
  await press(page, `Review ${title}`)
  await page.waitForURL('**/plans/*')
  return (await page.locator('.digest').innerText()).replace(/\s/g, '').slice(0, 8)
}

async function approveByPasskey(office: Office, ben: Person, title: string) {
  const { page } = ben
  const digest = await review(office, ben, title)
  await type(page, 'Your comment goes on record', 'CHG-1234')
  await press(page, `Approve ${digest} with passkey`)
  await expect.poll(() => page.locator('main').innerText(), SOON).toContain('Approved')
  expect(await page.locator('main').innerText()).toMatch(/corp:ben\s+with a passkey/)
}

async function goodChange(office: Office, ada: Person, ben: Person) {
  await ada.page.goto(`${office.origin}/workflows/workflows/add-vlan.yaml`)
  await type(ada.page, 'vlan', '140')
  await type(ada.page, 'label', 'PROD-CACHE')
  await pictured(ada.page, 'plan-form', '1440')
  const values = { vlan: '140', label: 'PROD-CACHE', 'trunks (optional)': 'Port-Channel1' }
  const execution = await planned(office, ada, values)
  await review(office, ben, 'add-vlan vlan 140 PROD-CACHE trunks Port-Channel1')
  const text = await ben.page.locator('main').innerText()
  for (const line of ['vlan 140', 'name PROD-CACHE', 'vxlan vlan 140 vni 10140', '10.0.250.11', '10.0.250.14'])
    expect(text).toContain(line)
  expect(await faultsSeen(ben.page)).toEqual([])
  await inLooks(ben, 'approval', ['1440', '1440-dark', '390'])
  await approveByPasskey(office, ben, 'add-vlan vlan 140 PROD-CACHE trunks Port-Channel1')
  // What follows comes over the stream of a page that was opened before the approval.
  await said(ada.page, /^Wave 2 of 3: leaf/)
  await inLooks(ada, 'execution-live', ['1440', '1440-dark', '390'])
  await said(ada.page, /^All 4 switches have the change: confirmed, saved and read back$/, MINUTES)
  await expect.poll(() => ada.page.getByRole('link', { name: 'Roll back' }).count(), SOON).toBe(1)
  expect(hasVlan(office, 140, ...LEAVES)).toEqual([true, true, true, true])
  return execution
}

/** The wrong AS number: the switch takes it, the network does not. The other proof: a new login. */
async function failingChange(office: Office, ada: Person, ben: Person) {
  const before = runningConfig(office.fabric.device('leaf3'))
  const execution = await planned(office, ada, { spineAs: '65009' }, 'move-underlay')
  const digest = await review(office, ben, 'move-underlay spineAs 65009')
  await press(ben.page, `Sign in again and approve ${digest}`)
  await ben.page.waitForURL('**/decisions')
  await press(ben.page, 'Sign in with corp')
  await ben.page.waitForURL('**/plans/*')
  expect(await ben.page.locator('main').innerText()).toMatch(/Ben Ortiz\s+with a new login/)
  await said(ada.page, /^leaf3 was not good after the commit, so everything was put back$/)
  expect(runningConfig(office.fabric.device('leaf3'))).toBe(before)
  return execution
}

/** Two snapshots, and a look at every switch for drift. */
async function readSwitches({ origin }: Office, { page }: Person) {
  for (const name of ['before-night', 'after-night']) {
    await page.goto(`${origin}/snapshots`)
    await type(page, 'Name', name)
    await press(page, 'Take a snapshot')
    await expect.poll(() => page.locator('tbody').innerText(), SOON).toContain(name)
  }
  await page.goto(`${origin}/switches`)
  await press(page, 'Check all for drift')
  await expect.poll(() => page.locator('.lede').innerText(), SOON).toContain('6 compared: 0 differ')
}

async function stoppedAndRedriven(office: Office, ada: Person, ben: Person) {
  const { page } = ada
  const values = { vlan: '170', label: 'VOICE', 'Switches (optional)': 'leaf1 or leaf2' }
  const execution = await planned(office, ada, values)
  await approveByPasskey(office, ben, 'add-vlan vlan 170 VOICE')
  await said(page, /^Wave 1 of 2: leaf1/)
  await inLooks(ben, 'overview', ['1440', '1440-dark', '390'], office.origin)
  await press(page, 'Stop and put back')
  await page.waitForURL('**/stop')
  await pictured(page, 'stop', '1440')
  await type(page, 'Reason, goes on record', 'wrong window')
  await press(page, /^Stop it/)
  await page.waitForURL(execution)
  await said(page, /^It was stopped, so everything was put back$/)
  expect(hasVlan(office, 170, 'leaf1', 'leaf2')).toEqual([false, false])

  await press(page, 'Redrive')
  await page.waitForURL('**/redrive')
  await press(page, 'Redrive it')
  await page.waitForURL(execution)
  // A person has stopped it: what was said before that counts no more.
  await said(page, /Waits for an approval/)
  expect(hasVlan(office, 170, 'leaf1', 'leaf2')).toEqual([false, false])
  await approveByPasskey(office, ben, 'add-vlan vlan 170 VOICE')
  await said(page, /^leaf1 and leaf2 have the change: confirmed, saved and read back$/, MINUTES)
  expect(hasVlan(office, 170, ...LEAVES)).toEqual([true, true, false, false])
  return execution
}

/** The inverse of the first change is planned, approved and made. */
async function rolledBack(office: Office, ada: Person, ben: Person, good: string) {
  const { page } = ada
  await page.goto(good)
  await press(page, 'Roll back')
  await page.waitForURL('**/rollback')
  await press(page, 'Make the plan')
  await page.waitForURL((url) => /\/executions\/[^/]+$/.test(url.pathname) && url.href !== good)
  await said(page, /Waits for an approval/)
  await ben.page.goto(office.origin)
  const [title = ''] = (await ben.page.locator('a[href^="/plans/"]').allTextContents()).filter(
    (text) => !text.includes('180'),
  )
  await approveByPasskey(office, ben, title.replace(/^Review /, ''))
  await said(page, /have the change: confirmed, saved and read back; it rolls back execution \S+$/, MINUTES)
  expect(hasVlan(office, 140, ...LEAVES)).toEqual([false, false, false, false])
  expect(hasVlan(office, 170, 'leaf1', 'leaf2')).toEqual([true, true])
}

async function rejected(office: Office, ben: Person, waits: string) {
  await review(office, ben, 'add-vlan vlan 180 DMZ-EDGE')
  await press(ben.page, 'Reject for good')
  await expect.poll(() => ben.page.locator('main').innerText(), SOON).toContain('Rejected, for good')
  await ben.page.goto(waits)
  await said(ben.page, /rejected/i)
}
