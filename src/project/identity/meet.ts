import type { Issuer } from '../../model/principal.ts'
import type { Console } from '../system/process/console.ts'
import { codeLogin, deviceLogin } from './oidc/code-login.ts'
import { clientAt, type LoginAsk, type LoginPorts, type Tokens } from './oidc/logins.ts'

const FIVE_MINUTES = 300_000

type PersonFlow = 'browser' | 'device-code'

export function flowOf({ interactive }: Pick<Console, 'interactive'>, device: boolean): PersonFlow {
  return device || !interactive ? 'device-code' : 'browser'
}

/** Throws as {@link codeLogin} and {@link deviceLogin} do. */
export async function meet(
  issuer: Issuer,
  ask: LoginAsk,
  flow: PersonFlow,
  caller: Console,
  ports: LoginPorts,
): Promise<Tokens> {
  const client = await clientAt(issuer, ports)
  const { hold } = ports
  const { stop } = caller
  if (flow === 'device-code') {
    const show = (url: string, code: string, seconds: number) =>
      caller.tell(`Go to ${url} and type ${code} (good for ${Math.ceil(seconds / 60)} minutes).\n`)
    return deviceLogin(issuer, client, ask, { hold, show, stop })
  }
  const show = (url: string) => {
    caller.tell(`Log in at ${issuer.name}, within 5 minutes, in the browser of this machine:\n  ${url}\n`)
    caller.openPage?.(url)
  }
  return codeLogin(issuer, client, ask, { hold, show, stop, milliseconds: FIVE_MINUTES })
}
