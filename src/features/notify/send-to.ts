import { isClear, isLoopback } from '../../change/inventory/switch/origin.ts'
import { sendMail } from '../../eos/transport/notify/mail.ts'
import { post } from '../../eos/transport/notify/post.ts'
import { callProgram } from '../../eos/transport/notify/program.ts'
import { webhookHeaders } from '../../eos/transport/notify/webhook-signature.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { closeSecrets, secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { projectText } from '../../project/files/project-text.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import type { Secrets } from '../../project/secret/secrets.ts'
import type { Console } from '../../project/system/process/console.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import type { AddressedNotification } from './notice/format/addressed-notification.ts'
import { cloudEvent, eventId } from './notice/format/cloud-event.ts'
import { emailMessage } from './notice/format/email.ts'
import { slackMessage } from './notice/format/slack.ts'
import { teamsMessage } from './notice/format/teams.ts'

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
    env: Object.fromEntries(target.env.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
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
  const authority = ca === undefined ? {} : { ca: { file: ca, text: await authorityIn(app, name, ca) } }
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
    ...(ca === undefined ? {} : { ca: await authorityIn(app, name, ca) }),
  })
}

function bodyOf({ app }: Sending, message: Readonly<Record<string, Json>>) {
  return app.scrubber.scrub(JSON.stringify(message))
}

async function authorityIn({ project }: RecordApp, name: string, file: string) {
  try {
    return await projectText(project, file)
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw new EosflowError('tls', `${name}: the certificate authority cannot be read from ${file}`, { cause })
  }
}
