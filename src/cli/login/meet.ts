import { codeLogin } from '../../identity/code-login.ts'
import { deviceLogin } from '../../identity/device-login.ts'
import { clientAt, type LoginPorts } from '../../identity/logins.ts'
import type { LoginAsk, Tokens } from '../../identity/tokens.ts'
import type { Issuer } from '../../model/issuer.ts'
import type { Io } from '../io.ts'
import { openBrowser } from './browser.ts'

/** How long a person has to log in. */
const FIVE_MINUTES = 300_000

/** A login of a person, and how it came about. */
export interface Met {
  readonly flow: 'code' | 'device'
  readonly tokens: Tokens
}

/**
 * Lets a person log in: in the browser of this machine, or with a code on any other one when that is asked for or nobody sits at this
 * terminal. Throws as {@link codeLogin} and {@link deviceLogin} do.
 */
export async function meet(issuer: Issuer, ask: LoginAsk, io: Io, ports: LoginPorts, device: boolean): Promise<Met> {
  const client = await clientAt(issuer, ports)
  const { hold } = ports
  const { stop } = io
  if (device || !io.interactive) {
    const show = (url: string, code: string, seconds: number): void =>
      io.err(`Go to ${url} and type ${code} (good for ${Math.ceil(seconds / 60)} minutes).\n`)
    return { flow: 'device', tokens: await deviceLogin(issuer, client, ask, { hold, show, stop }) }
  }
  const show = (url: string): void => {
    io.err(`Log in at ${issuer.name}, within 5 minutes, in the browser of this machine:\n  ${url}\n`)
    openBrowser(url, io)
  }
  const browser = { hold, show, stop, milliseconds: FIVE_MINUTES }
  return { flow: 'code', tokens: await codeLogin(issuer, client, ask, browser) }
}
