import type { MessagePort } from 'node:worker_threads'
import type { ForeignWrites } from '../../change/record/sqlite/open-store.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { underSeenPolicy } from '../../project/access/policy/authority.ts'
import type { App, Denial } from '../../project/app/app.ts'
import { openProjectStoreToRead } from '../../project/app/store/project-store.ts'
import { openProject, type ProjectPlace } from '../../project/files/project.ts'
import { readServerTls, type ServerTls } from '../../project/files/server-tls.ts'
import type { ServerSettings } from '../../project/files/settings/server-settings.ts'
import { webFiles } from '../../project/files/web-files.ts'
import { begunBy } from '../../project/history/executions/begun-by.ts'
import { switchEnds } from '../../project/history/executions/switch-ends.ts'
import { systemRandom } from '../../project/system/machine/system-clock.ts'
import type { Host } from '../../project/system/process/host.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { LiveRecords } from './context/live-records.ts'
import type { Acts, Asker, EngineMessage, FrontMessage } from './context/message.ts'
import type { FrontContext } from './context/route.ts'
import { StreamSeats } from './context/stream-seats.ts'
import { isStillKnown, whoIs } from './context/who-is.ts'
import { httpApp } from './http-app.ts'
import { DriftSeen } from './jobs/drift-seen.ts'
import { RecordVerification } from './jobs/record-verification.ts'
import { AddressAllowance, EVENTS } from './limits/address-allowance.ts'
import { Allowance } from './limits/allowance.ts'
import { BoundedDenials } from './limits/bounded-records.ts'
import { FrontMeasures } from './metrics/front-measures.ts'
import type { ActName } from './request/act-input.ts'
import { listenAt } from './request/listen.ts'
import { publicAddress } from './request/public-address.ts'
import { faultOf, type RequestFault, RequestRefusal } from './request/readable.ts'
import { OneTimeLink } from './session/one-time-link.ts'
import { Sessions } from './session/sessions.ts'
import { hearSecrets } from './shared-secrets.ts'

// So long after the port is open, in milliseconds, all of the record is read ahead: whoever has waited for the server has the processors
// first.
const BEHIND = 5_000

export interface FrontStart {
  readonly place: ProjectPlace
  readonly settings: ServerSettings
  /** The port that a front before has listened on, so that browsers find this one. */
  readonly port?: number
  readonly secrets: MessagePort
}

export interface FrontHost extends Host {
  exitCodeOf(kind: RequestFault['kind']): number | undefined
  /** Throws what it throws there. */
  verify(): Promise<AuditVerification>
}

/** Throws what keeps it from listening. */
export async function runFront(port: MessagePort, host: FrontHost, start: FrontStart): Promise<void> {
  const say = (message: FrontMessage) => port.postMessage(message)
  const failed = (what: string, error: unknown) => say({ kind: 'note', text: `${what}: ${wordsOf(error)}` })
  const ending = new AbortController()
  const hear = hearSecrets(start.secrets, host.scrubber)
  const { acts, changeNotes, answered } = writesOver(say)
  const app = await openFrontApp(host, start.place, { acts, changeNotes }, failed)
  const live = new LiveRecords({ app, failed, lagged: (seconds) => measures?.lagged(seconds) })
  const verification = new RecordVerification({ app, verify: () => host.verify(), failed })
  const measures =
    app.project.settings.metrics === undefined
      ? undefined
      : new FrontMeasures({
          app,
          say,
          failed,
          streams: () => live.size,
          isIntact: () => {
            const seen = verification.latest()
            return seen === undefined ? undefined : seen.found.fault === undefined
          },
        })
  const { settings } = start
  const { dir } = app.project
  const tls = settings.tls === undefined ? undefined : readServerTls(dir, settings.tls)
  let http: ReturnType<typeof httpApp> | undefined
  const listener = await listenAt({
    listen: start.port === undefined ? settings.listen : settings.listen.replace(/\d+$/, String(start.port)),
    trustedProxy: settings.trustedProxy,
    tls,
    asksForCertificates: app.project.settings.events.some(({ verify }) => verify.way === 'mtls'),
    clock: app.clock,
    fetch: (request, sender) => {
      // A request may read an inventory whose vaults are opened by what was told.
      hear()
      return http?.fetch(request, { sender }) ?? new Response(null, { status: 503 })
    },
  })
  const address = publicAddress(settings, listener.port)
  const { clock } = app
  const show = (path: string) => say({ kind: 'link', url: address.origin + path })
  const { notes } = app
  const link =
    app.project.settings.identity === undefined ? new OneTimeLink(notes, clock, systemRandom, show) : undefined
  const scrub = (text: string) => {
    hear()
    return host.scrubber.scrub(text)
  }
  const isKnown = (principal: Principal) => isStillKnown({ app }, principal)
  const sessions = new Sessions({ notes, clock, random: systemRandom, isKnown })
  const front: FrontContext = {
    app,
    acts,
    address,
    sessions,
    allowance: new Allowance(clock, (principal, since) => begunBy(app, principal, since)),
    streams: new StreamSeats(),
    strangers: new AddressAllowance(clock),
    senders: new AddressAllowance(clock, EVENTS),
    ...definedMembers({ link }),
    whoIs: (token) => whoIs(app.project, host, token),
    live,
    drift: new DriftSeen(app.shared === undefined ? undefined : { notes, scrub, failed }),
    verification,
    web: webFiles(),
    answered: (request) => measures?.answered(request),
    ending: ending.signal,
    exitCodeOf: (kind) => host.exitCodeOf(kind),
    scrub,
    failed,
  }
  http = httpApp(front)
  port.on('message', (message: EngineMessage) => {
    if (message.kind === 'ending') {
      ending.abort()
      app.denials?.close().catch((error: unknown) => failed('AccessDenied', error))
    } else if (message.kind === 'pulse') {
      live.pulsed(message.execution, message.pulse).catch((error: unknown) => failed('live', error))
    } else if (message.kind === 'close') {
      listener.close()
      port.close()
    } else answered(message)
  })
  say({ kind: 'listening', port: listener.port, origin: address.origin })
  link?.renew().catch((error: unknown) => failed('link', error))
  sessions.follow(ending.signal).catch((error: unknown) => failed('sessions', error))
  if (tls !== undefined && settings.tls !== undefined) {
    const files = settings.tls
    const read = () => readServerTls(dir, files)
    followCertificate(tls, { clock, read, renew: listener.renew, failed }, ending.signal).catch((error: unknown) =>
      failed('certificate', error),
    )
  }
  readAhead(front, ending.signal).catch((error: unknown) => failed('read ahead', error))
  measures?.follow(ending.signal).catch((error: unknown) => failed('metrics', error))
  await live.follow(ending.signal)
}

async function readAhead({ app, verification }: FrontContext, ending: AbortSignal) {
  await app.clock.sleep(BEHIND, ending).catch(() => undefined)
  if (ending.aborted) return
  verification.recent()
  await switchEnds(app)
}

interface FrontWrites {
  readonly acts: Acts
  readonly changeNotes: ForeignWrites['changeNotes']
}

function writesOver(say: (message: FrontMessage) => void) {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  const ask = (messageOf: (id: number) => FrontMessage) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      say(messageOf(last))
    })
  const acts: Acts = {
    ask: (act: ActName, asker: Asker, input: unknown) => ask((id) => ({ kind: 'act', id, act, asker, input })),
  }
  const changeNotes: FrontWrites['changeNotes'] = async (of, change) =>
    (await ask((id) => ({ kind: 'notes', id, of, change }))) === true
  const answered = (message: Extract<EngineMessage, { readonly id: number }>) => {
    const one = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'done') one?.resolve(message.value)
    else one?.reject(new RequestRefusal(message.fault))
  }
  return { acts, changeNotes, answered }
}

function wordsOf(error: unknown) {
  const { kind, message } = faultOf(error)
  return kind === 'bug' && error instanceof Error ? (error.stack ?? error.message) : message
}

/** The one thing that it has put on record is that the policy has denied something, and the main thread decides that once more. Throws as the opening of a store does. */
export async function openFrontApp(
  host: Host,
  place: ProjectPlace,
  { acts, changeNotes }: FrontWrites,
  failed: (what: string, error: unknown) => void,
): Promise<App> {
  const found = openProject(host, place)
  const append: ForeignWrites['append'] =
    () =>
    async (_, [event]) => {
      throw new EosflowError('bug', `the front has no ${event?.type ?? 'event'} to put on record`)
    }
  const kept = await openProjectStoreToRead(found, host, { append, changeNotes })
  const denials = new BoundedDenials(kept.clock, (denial, leftOut) => denied(acts, denial, leftOut), failed)
  const app: App = { ...host, ...kept, insecureTls: false, project: found, denials }
  return { ...app, project: await underSeenPolicy(found, app, { principal: NOBODY }) }
}

const NOBODY: Principal = { issuer: 'local', id: 'front', kind: 'service', auth: 'os' }

async function denied(acts: Acts, { principal, needs, devices, workflow, plan }: Denial, leftOut: number) {
  await acts.ask('refuse', { principal }, { needs, devices, workflow, plan, leftOut })
}

// How often it is looked whether the certificate is another one, in milliseconds.
const LOOK = 60_000
// A certificate and its key are written one after the other: only what is wrong at so many looks in a row is worth a word.
const LOOKS = 2

interface CertificateSource {
  readonly clock: Pick<Clock, 'sleep'>
  // Throws where they are no certificate with its key.
  read(): ServerTls
  renew(tls: ServerTls): void
  failed(what: string, error: unknown): void
}

/** Takes up a certificate that was renewed on disk, until `stop` is aborted. Connections go on, and the one before stays while the files are not good. */
export async function followCertificate(
  first: ServerTls,
  { clock, read, renew, failed }: CertificateSource,
  stop: AbortSignal,
): Promise<void> {
  let { certificate, key } = first
  let wrong = 0
  for (;;) {
    await clock.sleep(LOOK, stop).catch(() => undefined)
    if (stop.aborted) return
    try {
      const now = read()
      wrong = 0
      if (now.certificate === certificate && now.key === key) continue
      renew(now)
      ;({ certificate, key } = now)
    } catch (error) {
      wrong += 1
      if (wrong === LOOKS) failed('the certificate is not renewed', error)
    }
  }
}
