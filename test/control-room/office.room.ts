import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { runningConfig } from '../lab/sockets.ts'
import { addAuthenticator } from './authenticator.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { everyPage } from './every-page.ts'
import { faultsSeen, inLooks, PICTURES, pictured } from './looks.ts'
import { hasVlan, LEAVES, type Office, openOffice } from './office.ts'
import { type Person, personAt, press, SOON, said, signIn, type } from './person.ts'

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
      expect(seen).toBe(extentOfLong(PICTURES === undefined ? 50 : 100, 100))
      await rolledBack(office, ada, ben, good)
      await rejected(office, ben, waits)

      expect([...ada.faults, ...ben.faults]).toEqual([])
      office.server.kill('SIGTERM')
      expect((await office.server.ended).code).toBe(0)
    },
    MINUTES,
  )
})

async function pictureOfLogin({ origin }: Office, { page }: Person): Promise<void> {
  await page.goto(`${origin}/login`)
  expect(await faultsSeen(page)).toEqual([])
  await pictured(page, 'login', '1440')
}

/** The page shows the line of a new passkey; a reviewed commit adds it to the trust file. */
async function trustPasskey(office: Office, ben: Person): Promise<void> {
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
): Promise<string> {
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
async function review({ origin }: Office, { page }: Person, title: string): Promise<string> {
  await page.goto(origin)
  await press(page, `Review ${title}`)
  await page.waitForURL('**/plans/*')
  return (await page.locator('.digest').innerText()).replace(/\s/g, '').slice(0, 8)
}

async function approveByPasskey(office: Office, ben: Person, title: string): Promise<void> {
  const { page } = ben
  const digest = await review(office, ben, title)
  await type(page, 'Your comment goes on record', 'CHG-1234')
  await press(page, `Approve ${digest} with passkey`)
  await expect.poll(() => page.locator('main').innerText(), SOON).toContain('Approved')
  expect(await page.locator('main').innerText()).toMatch(/corp:ben\s+with a passkey/)
}

async function goodChange(office: Office, ada: Person, ben: Person): Promise<string> {
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
async function failingChange(office: Office, ada: Person, ben: Person): Promise<string> {
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
async function readSwitches({ origin }: Office, { page }: Person): Promise<void> {
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

async function stoppedAndRedriven(office: Office, ada: Person, ben: Person): Promise<string> {
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
async function rolledBack(office: Office, ada: Person, ben: Person, good: string): Promise<void> {
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

async function rejected(office: Office, ben: Person, waits: string): Promise<void> {
  await review(office, ben, 'add-vlan vlan 180 DMZ-EDGE')
  await press(ben.page, 'Reject for good')
  await expect.poll(() => ben.page.locator('main').innerText(), SOON).toContain('Rejected, for good')
  await ben.page.goto(waits)
  await said(ben.page, /rejected/i)
}
