import { isClear, isLoopback } from '../../change/inventory/switch/secret-settings.ts'
import { recordedPlan } from '../../change/plan/stored-plan.ts'
import { sendMail } from '../../eos/transport/notify/mail.ts'
import { post } from '../../eos/transport/notify/post.ts'
import { callProgram } from '../../eos/transport/notify/program.ts'
import { webhookHeaders } from '../../eos/transport/notify/webhook-signature.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { closeSecrets, secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { authorityText } from '../../project/files/project-text.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { allowedEnv } from '../../project/secret/program.ts'
import type { Secrets } from '../../project/secret/secrets.ts'
import type { Console } from '../../project/system/process/console.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { address } from '../../report/page/html.ts'
import { planText } from '../../report/plan/text.ts'
import { plain } from '../../report/text/text.ts'
import {
  type AddressedNotification,
  cloudEvent,
  emailMessage,
  eventId,
  slackMessage,
  teamsMessage,
} from './notice/formats.ts'
import type { Notification } from './notice/message/notification.ts'

const MILLISECONDS = 10_000

/** Throws what keeps the target from taking it. */
export type SendNotification = (addressed: AddressedNotification) => Promise<void>

/** What leaves holds no secret that the process knows. */
export function sendTo(app: App, console: Console, target: TargetSettings): SendNotification {
  return async (addressed) => {
    const secrets = secretsOf(app)
    try {
      await sent({ app, secrets }, target, addressed)
    } finally {
      await closeSecrets(secrets, console)
    }
  }
}

interface Sending {
  readonly app: RecordApp
  readonly secrets: Secrets
}

async function sent(sending: Sending, target: TargetSettings, addressed: AddressedNotification) {
  if ('webhook' in target) return toWebhook(sending, target, addressed)
  if ('slack' in target) return toChat(sending, target.name, target.slack, slackMessage(addressed))
  if ('teams' in target) return toChat(sending, target.name, target.teams, teamsMessage(addressed))
  if ('email' in target) return toMailbox(sending, target, addressed)
  const { env } = sending.app
  return callProgram({
    name: target.name,
    command: target.exec,
    env: allowedEnv(target.env, env),
    input: bodyOf(sending, cloudEvent(addressed)),
    milliseconds: MILLISECONDS,
  })
}

type Webhook = Extract<TargetSettings, { readonly webhook: string }>

async function toWebhook(sending: Sending, { name, webhook, secret, ca }: Webhook, addressed: AddressedNotification) {
  const { app, secrets } = sending
  const body = bodyOf(sending, cloudEvent(addressed))
  const id = eventId(addressed.origin, addressed.notification)
  const seconds = Math.floor(app.clock.now() / 1000)
  const signed = webhookHeaders({ id, seconds, body }, (await secrets.resolve(secret)).reveal(), name)
  const authority =
    ca === undefined
      ? {}
      : { ca: { file: ca, text: await authorityText(app.project, `${name}: the certificate authority`, ca) } }
  const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8', ...signed }
  await post({ name, url: webhook, headers, body, milliseconds: MILLISECONDS, ...authority })
}

async function toChat(sending: Sending, name: string, reference: string, message: Readonly<Record<string, Json>>) {
  const url = (await sending.secrets.resolve(reference)).reveal().trim()
  if (!URL.canParse(url) || !/^https?:/.test(url) || isClear(url))
    throw new EosflowError('secret', `${name}: what ${reference} holds is no https address`)
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  await post({ name, url, headers, body: bodyOf(sending, message), milliseconds: MILLISECONDS })
}

type Mailbox = Extract<TargetSettings, { readonly email: unknown }>

async function toMailbox({ app, secrets }: Sending, { name, email }: Mailbox, addressed: AddressedNotification) {
  const { server, from, to, user, password, ca } = email
  const { subject, text, ...rest } = emailMessage(addressed)
  const scrub = (words: string) => app.scrubber.scrub(words)
  await sendMail({
    name,
    server,
    isLocal: isLoopback(server.host),
    from,
    to,
    subject: scrub(subject),
    text: scrub(text),
    ...rest,
    milliseconds: MILLISECONDS,
    ...(user === undefined || password === undefined
      ? {}
      : { login: { user, password: await secrets.resolve(password) } }),
    ...(ca === undefined ? {} : { ca: await authorityText(app.project, `${name}: the certificate authority`, ca) }),
  })
}

function bodyOf({ app }: Sending, message: Readonly<Record<string, Json>>) {
  return app.scrubber.scrub(JSON.stringify(message))
}

export async function addressedNotificationOf(
  app: RecordApp,
  notification: Notification,
  { withDiff }: { readonly withDiff: boolean },
): Promise<AddressedNotification> {
  const { notify, server } = app.project.settings
  const base = notify.link ?? server.publicUrl
  const diff = withDiff ? await planWords(app, notification.plan) : undefined
  return {
    notification,
    origin: app.store.id,
    ...definedMembers({ link: base === undefined ? undefined : `${base}${notification.path}`, diff }),
  }
}

async function planWords({ store }: RecordApp, digest: string | undefined) {
  if (digest === undefined) return undefined
  const made = await store.planMade(digest)
  return made === undefined ? undefined : planText(await recordedPlan(store, made.plan), plain, { details: true })
}

interface TestMessageResult {
  readonly name: string
  readonly answer: string
}

/** Throws InputError for a name that the settings do not have, `not-authorised`, and what keeps the target from taking it. */
export async function testTarget(app: App, by: Caller, name: string): Promise<TestMessageResult> {
  await requireAllowed(app, by, 'audit.export')
  const { targets } = app.project.settings.notify
  const target = targets.find((one) => one.name === name)
  if (target === undefined) {
    const known = targets.map((one) => one.name).join(', ')
    throw inputError(
      name,
      'unknown-target',
      `notify: of the settings names no target ${name}`,
      known === '' ? 'Write one under notify: targets: in eosflow.yaml.' : `It names ${known}.`,
    )
  }
  const now = app.clock.now()
  const notification = {
    what: 'notification.test',
    severity: 'info',
    // No record says it: the time tells one from the next.
    seq: now,
    at: new Date(now).toISOString(),
    title: 'A test of eosflow',
    text: `Somebody tries whether messages reach ${name}. Nothing has happened, and nothing is to be done.`,
    facts: [],
    path: address.overview,
  } as const
  await sendTo(app, by, target)(await addressedNotificationOf(app, notification, { withDiff: false }))
  return { name, answer: answerOf(target) }
}

function answerOf(target: TargetSettings): string {
  if ('exec' in target) return 'the program ended with 0'
  return 'email' in target ? 'the mail server accepted it' : 'it answered with a status of success (2xx)'
}
