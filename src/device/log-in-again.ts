import { EosflowError } from '../model/error.ts'
import type { Device } from './device.ts'
import { isSameLogin, type Logins } from './logins.ts'
import type { Credential, DeviceTarget, Transport } from './transport.ts'

/**
 * A new connection whose reads live through a change of the password: when the switch refuses the user, its keeper is asked again,
 * and if it has something else by now, the read is sent once more over a new connection. What writes is never sent again.
 */
export async function loggedInAgain(
  transport: Transport,
  target: DeviceTarget,
  logins: Logins,
  user: string,
): Promise<Device> {
  const connected = async (credential: Credential) => ({
    credential,
    device: await transport.connect(target, credential),
  })
  let current = await connected(await logins.credential(target.name, user))

  /** The connection that stands in for one that was refused; undefined where the keeper has nothing else. */
  const replaced = async (refused: typeof current): Promise<Device | undefined> => {
    if (current !== refused) return current.device
    const fresh = await logins.credential(target.name, user, 'again')
    if (isSameLogin(refused.credential, fresh)) return current === refused ? undefined : current.device
    const made = await connected(fresh)
    if (current !== refused) {
      await made.device.close()
      return current.device
    }
    current = made
    await refused.device.close()
    return made.device
  }
  const read =
    <A extends readonly unknown[], T>(ask: (device: Device, ...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      const used = current
      try {
        return await ask(used.device, ...given)
      } catch (error) {
        if (!(error instanceof EosflowError) || error.kind !== 'unauthenticated') throw error
        const device = await replaced(used)
        if (device === undefined) throw error
        return ask(device, ...given)
      }
    }
  const write =
    <A extends readonly unknown[], T>(send: (device: Device, ...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> =>
      send(current.device, ...given)
  return {
    name: target.name,
    ...patienceOf(target),
    look: read((device, commands) => device.look(commands)),
    print: read((device, commands) => device.print(commands)),
    readConfig: read((device) => device.readConfig()),
    stage: write((device, request) => device.stage(request)),
    replay: write((device, session, checkpoint) => device.replay(session, checkpoint)),
    arm: write((device, session, seconds, under?: 'lock') => device.arm(session, seconds, under)),
    confirm: write((device, session) => device.confirm(session)),
    abort: write((device, session) => device.abort(session)),
    save: write((device) => device.save()),
    restore: write((device, checkpoint) => device.restore(checkpoint)),
    boot: write((device, lines) => device.boot(lines)),
    removeCheckpoints: write((device, checkpoints) => device.removeCheckpoints(checkpoints)),
    close: write((device) => device.close()),
  }
}

/** How long an answer is waited for where the inventory says nothing, in seconds. */
const USUAL = 120

function patienceOf({ answerSeconds = USUAL }: DeviceTarget): Pick<Device, 'patience'> {
  return answerSeconds <= USUAL ? {} : { patience: answerSeconds - USUAL }
}
