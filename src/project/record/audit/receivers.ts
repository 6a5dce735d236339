import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { sendSyslog } from '../../../eos/transport/service/syslog.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { closeSecrets, type SecretsHost, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Project } from '../../files/project.ts'
import { fileOf, projectText } from '../../files/project-text.ts'
import type { SyslogAddress } from '../../files/settings/audit-settings.ts'
import { openHttp } from '../../switches/connect/open-fleet.ts'
import type { Console } from '../../system/process/console.ts'
import { InputError } from '../../system/process/input-error.ts'
import { requireNotOurs } from '../../system/process/save-text.ts'

export interface Receivers {
  /** Throws InputError for a file of the project or its store. */
  append(file: string, text: string): void
  syslog(to: SyslogSettings, messages: readonly string[], milliseconds: number): Promise<void>
  /** Sends JSON to a service that the settings allow, signed. Anything but 2xx throws `refused`. */
  post(name: string, url: string, json: string, milliseconds: number): Promise<void>
}

interface SyslogSettings {
  readonly name: string
  readonly syslog: SyslogAddress
  readonly ca?: string | undefined
}

const LINE_BREAK = 10

/** What leaves holds no secret that the process knows. */
export function receiversOf(app: SecretsHost, caller: Console): Receivers {
  const { project } = app
  const scrub = (text: string) => app.scrubber.scrub(text)
  return {
    append: (file, text) => {
      const path = resolve(project.dir, file)
      requireNotOurs(path, project.store, file)
      appendToDisk(path, scrub(text))
    },
    syslog: async ({ name, syslog, ca }, messages, milliseconds) => {
      const authority = ca === undefined ? {} : { ca: await authorityIn(project, ca, name) }
      await sendSyslog({ name, ...syslog, ...authority }, messages.map(scrub), milliseconds)
    },
    post: async (name, url, json, milliseconds) => {
      const secrets = secretsOf(app)
      try {
        const headers = { 'content-type': 'application/json' }
        const request = { name, method: 'POST', url, headers, body: scrub(json), milliseconds } as const
        const { status } = await openHttp(app, secrets).send(request, new AbortController().signal)
        if (status < 200 || status > 299)
          throw new EosflowError('refused', `${name}: ${new URL(url).origin} answered with status ${status}`)
      } finally {
        await closeSecrets(secrets, caller)
      }
    },
  }
}

// As `a+`, and no symbolic link is followed.
const APPENDED = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW

// A line that a killed process has left by half is ended first, so that the next one stands for itself.
function appendToDisk(path: string, text: string) {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, APPENDED, 0o600)
    try {
      const { size } = fstatSync(file)
      const last = Buffer.alloc(1, LINE_BREAK)
      if (size > 0) readSync(file, last, 0, 1, size - 1)
      // Not writeSync, which writes what there is room for and says so by a number alone.
      writeFileSync(file, last[0] === LINE_BREAK ? text : `\n${text}`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    const code = codeOf(cause)
    throw new EosflowError('unreachable', `${path} cannot be written (${code})`, { cause })
  }
}

async function authorityIn(project: Project, file: string, name: string) {
  try {
    return await projectText(project, file)
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw new EosflowError('tls', `${name}: the certificate authority cannot be read from ${fileOf(project, file)}`, {
      cause,
    })
  }
}
