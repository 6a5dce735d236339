import type { Secret } from '../../../model/secret.ts'
import type { Credential } from '../../device/transport.ts'
import type { AgentKeys } from './agent-keys.ts'

/** How to log in next: a method of ssh2, or `false` when none is left. */
type Step =
  | 'none'
  | 'publickey'
  | 'password'
  | false
  | { readonly type: 'agent'; readonly username: string; readonly agent: AgentKeys }
  | {
      readonly type: 'keyboard-interactive'
      readonly username: string
      readonly prompt: (
        name: string,
        instructions: string,
        language: string,
        prompts: readonly { readonly prompt: string }[],
        finish: (answers: string[]) => void,
      ) => void
    }

/**
 * The order of logins: the key, the keys of the agent, then the password in the one form that the switch offers, each once: a wrong
 * password tried in two forms would count as two failures. A switch may ask for several (docs/eos.md 5.1: any combination).
 */
export function loginSteps(
  { username, password, privateKey }: Credential,
  agent: AgentKeys | undefined,
): (offered: readonly string[] | null, partial: boolean | null) => Step {
  const keys: Step[] = [
    ...(privateKey === undefined ? [] : (['publickey'] as const)),
    ...(agent === undefined ? [] : [{ type: 'agent', username, agent } as const]),
  ]
  const forms = new Set(['password', 'keyboard-interactive'])
  let spent = false
  return (offered, partial) => {
    if (offered === null) return 'none'
    if (offered.includes('publickey') && keys.length > 0) return keys.shift() ?? false
    // When one of several demands is met, the password may be asked for once more, in its other form.
    if (password === undefined || (spent && partial !== true)) return false
    spent = true
    const form = ['password', 'keyboard-interactive'].find((one) => offered.includes(one) && forms.delete(one))
    if (form === 'password') return form
    return form === undefined ? false : interactive(username, password)
  }
}

function interactive(username: string, password: Secret): Step {
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _language, prompts, finish) =>
      finish(prompts.map(({ prompt }) => (/password/i.test(prompt) ? password.reveal() : ''))),
  }
}
