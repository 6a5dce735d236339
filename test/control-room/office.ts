import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { writeDemoProject } from '../../src/features/demo/demo-project.ts'
import { flagship } from '../../src/features/demo/demo-workflows.ts'
import { type RunningFabric, startFabric } from '../../src/lab/trial/start-fabric.ts'
import { freePort } from '../free-ports.ts'
import {
  assertSettled,
  DC1,
  type RunningProcess,
  runningConfig,
  soon,
  temporaryFolder,
  writeFiles,
} from '../lab/lab.ts'
import { startInTest } from '../lab/processes.ts'
import { ask } from '../lab/visitor.ts'
import { AUDIENCE, startProvider, type TestProvider } from '../project/identity/test-provider.ts'

/** The authenticator of a page, and what speaks to it. */
export interface Authenticator {
  readonly cdp: CDPSession
  readonly authenticatorId: string
}

/** Gives a page an authenticator with a finger on it (Chrome DevTools Protocol, domain WebAuthn). */
export async function addAuthenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const
  return { cdp, ...(await cdp.send('WebAuthn.addVirtualAuthenticator', { options })) }
}

/** How everybody looks at pages: the times of Berlin, on a screen of 1440. */
export const SCREEN: BrowserContextOptions = {
  viewport: { width: 1440, height: 900 },
  colorScheme: 'light',
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
}

/** Somebody at a browser of their own, and everything that a page must not do. */
export interface Person {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors and warnings of the console, and requests beyond the server; a login may lead to the provider. */
  readonly faults: string[]
}

/** A browser of an account of the provider, which has not signed in yet. */
export async function personAt(browser: Browser, office: Office, account: string): Promise<Person> {
  const context = await browser.newContext(SCREEN)
  onTestFinished(() => context.close())
  await context.addCookies([{ name: 'as', value: account, url: office.provider.issuer }])
  const page = await context.newPage()
  return { page, context, faults: faultsOf(page, office) }
}

/** How long a page may take to show what was done, in milliseconds: this machine may be busy. */
export const SOON = { timeout: 30_000, interval: 50 } as const

/** What goes wrong with a page from now on. */
export function faultsOf(page: Page, { origin, provider }: Pick<Office, 'origin' | 'provider'>) {
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const isLogin = request.isNavigationRequest() && request.url().startsWith(`${provider.issuer}/`)
    if (!isLogin && !request.url().startsWith(`${origin}/`)) faults.push(`beyond the origin: ${request.url()}`)
  })
  return faults
}

/** Signs in at the provider, by keyboard alone. */
export async function signIn({ page }: Person, { origin }: Office) {
  await page.goto(`${origin}/login`)
  await press(page, 'Sign in with corp')
  await page.waitForURL(`${origin}/`)
}

/** More elements than this have the focus on no page. */
const MOST = 150

/** Goes to an element by Tab alone, from where the focus is. The focus must be seen wherever it is on the way. */
export async function tabTo(page: Page, name: string | RegExp) {
  const passed: string[] = []
  for (let step = 0; step < MOST; step += 1) {
    await page.keyboard.press('Tab')
    const { said, isSeen } = (await page.evaluate(FOCUSED)) as { readonly said: string; readonly isSeen: boolean }
    if (said !== '' && !isSeen) throw new Error(`nobody sees that the focus is on ${said}`)
    if (typeof name === 'string' ? said === name : name.test(said)) return
    passed.push(said)
  }
  throw new Error(`no Tab leads to ${name}: ${passed.join(' | ')}`)
}

/** Presses a link or a button by keyboard alone. */
export async function press(page: Page, name: string | RegExp) {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

/** Types into a field by keyboard alone, in place of what is in it. */
export async function type(page: Page, name: string, text: string) {
  await tabTo(page, name)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** Waits until the headline says something, by what the stream sends alone. */
export async function said(page: Page, words: RegExp, timeout = 60_000) {
  await expect.poll(() => page.textContent('h1'), { timeout, interval: 50 }).toMatch(words)
  return (await page.textContent('h1')) ?? ''
}

/** What is said of the element that has the focus, and whether the focus is seen on it. */
const FOCUSED = `(() => {
  const at = document.activeElement
  if (at === null || at === document.body) return { said: '', isSeen: true }
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at)
  return {
    said: (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent).trim().replace(/\\s+/g, ' '),
    isSeen: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
  }
})()`

/** The control room of a company: people of a real identity provider, the bundled fabric, and a policy by which one asks and another approves. */
export interface Office {
  readonly dir: string
  readonly origin: string
  readonly fabric: RunningFabric
  readonly provider: TestProvider
  readonly server: RunningProcess
  /** Writes a file of the project, as a reviewed commit does. */
  write(path: string, text: string): void
  /** Adds a line to such a file. */
  add(path: string, line: string): void
}

/** Who asks, who approves, and the service of a pipeline, by the accounts of the provider. */
export const PEOPLE = {
  ada: { name: 'Ada Berg', groups: ['netops'], employee_id: 'E310', display: 'Ada Berg' },
  ben: { name: 'Ben Ortiz', groups: ['net-leads'], employee_id: 'E311', display: 'Ben Ortiz' },
} as const

/** Ada and the pipeline change; Ben approves, as himself: the groups of a login do not count for a passkey. */
const policy = (freeze: readonly [from: string, to: string]) => `version: 1
roles:
  operator: { members: ["corp:group:netops", "pipeline:sub:robot"] }
  approver: { members: ["corp:sub:ben", "ssh:sub:ben@example.com"] }
freezes: [{ name: year-end, from: ${freeze[0]}, to: ${freeze[1]} }]
rules:
  - { id: read, allow: [workflow.list, plan.read, execution.read, audit.read, task.snapshot, baseline.set, notice.end], to: [operator, approver] }
  - id: change
    allow: [plan.create, execution.start, execution.stop, task.plan, task.push, task.verify, task.confirm, task.rollback]
    to: [operator]
    when: { noFreeze: true }
    require: { approvals: { count: 1, from: [approver], notRequester: true, proof: [passkey, oidc, ssh] } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver] }
`

const DAY = 86_400_000

/** What an office is told. */
export interface OfficeOptions {
  /** How long a change must stay good. */
  readonly stableFor: string
  /** Whether the client of the pipeline is one that speaks MCP: what it holds is an agent's, then. */
  readonly hasAgents?: boolean
}

/** Opens one, which is closed with the test; its switches must be settled then. */
export async function openOffice({ stableFor, hasAgents = false }: OfficeOptions): Promise<Office> {
  const dir = temporaryFolder()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const [fabric, provider] = await Promise.all([startFabric(DC1), startProvider(origin)])
  Object.assign(provider.people, PEOPLE)
  onTestFinished(() => provider.close())
  onTestFinished(() => fabric.close())
  onTestFinished(() => assertSettled(fabric))
  await writeDemoProject(dir, fabric.devices)
  const write = (path: string, text: string) => writeFiles(dir, { [path]: text })
  const add = (path: string, line: string) => {
    const file = join(dir, path)
    write(path, (existsSync(file) ? readFileSync(file, 'utf8') : '') + line)
  }
  write('workflows/add-vlan.yaml', flagship().text.replace('stableFor: 2s', `stableFor: ${stableFor}`))
  write('eosflow.yaml', settingsOf(port, provider, hasAgents))
  const [from = '', to = ''] = [12, 29].map(
    (days) => `${new Date(Date.now() + days * DAY).toISOString().slice(0, 10)}T00:00:00Z`,
  )
  write('policy.yaml', policy([from, to]))
  const server = startInTest(dir, ['serve'], { XDG_STATE_HOME: join(dir, '.state') })
  const ready = soon(async () => (await ask(origin, 'GET', '/readyz').catch(() => undefined))?.status === 200)
  const unable = server.ended.then(({ code, err }) => Promise.reject(new Error(`it ended with ${code}: ${err}`)))
  await Promise.race([ready, unable])
  return { dir, origin, fabric, provider, server, write, add }
}

function settingsOf(port: number, { issuer }: TestProvider, hasAgents: boolean) {
  const agents = hasAgents ? ', mcp: { clients: [robot] }' : ''
  const provider = `issuer: "${issuer}", audience: "${AUDIENCE}"`
  return `version: 1
inventory: inventory.yaml
server: { listen: "127.0.0.1:${port}" }
identity:
  issuers:
    - { name: corp, ${provider}, clientId: eosflow, groupsClaim: groups, personClaim: employee_id, web: { clientId: eosflow-page } }
    - { name: pipeline, ${provider}, kind: service, clientId: robot, clientSecret: '\${env:ROBOT_SECRET}'${agents} }
`
}

/** The switches that the bundled workflow changes. */
export const LEAVES = ['leaf1', 'leaf2', 'leaf3', 'leaf4'] as const

/** Whether each of these switches has a VLAN now. */
export function hasVlan(
  { fabric }: Pick<Office, 'fabric'>,
  vlan: number,
  ...names: readonly string[]
): readonly boolean[] {
  return names.map((name) => new RegExp(`^vlan ${vlan}$`, 'm').test(runningConfig(fabric.device(name))))
}
