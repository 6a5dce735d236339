import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import type { RunningDevice } from '../../src/testing.ts'

/** What a single command gave. */
export interface Executed {
  readonly output: string
  readonly status: number | null
}

/** A shell over a real connection. */
export interface RemoteShell {
  readonly channel: ClientChannel
  /** Everything that arrived. */
  readonly printed: string
  /** Sends characters. */
  send(text: string): void
  /** Waits until what arrived ends with a text; gives what arrived since the last wait. */
  until(ending: string): Promise<string>
}

/** Connects and logs in. Rejects with what the client says when it cannot. */
export function connectTo(device: RunningDevice, config: Partial<ConnectConfig> = {}): Promise<Client> {
  const { host, port } = device.ssh
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.on('ready', () => resolve(client)).on('error', reject)
    client.connect({ host, port, username: device.username, password: device.password, ...config })
  })
}

/** Runs one command on its own channel. */
export function execute(client: Client, command: string): Promise<Executed> {
  return new Promise((resolve, reject) => {
    client.on('error', reject)
    client.exec(command, (error, channel) => {
      if (error) reject(error)
      else {
        let output = ''
        let status: number | null = null
        channel.on('data', (data: Buffer) => {
          output += data.toString()
        })
        channel.on('exit', (code: number | null) => {
          status = code
        })
        channel.on('close', () => resolve({ output, status }))
      }
    })
  })
}

/** Opens a shell on a terminal of 80 columns by `rows`. */
export function shellOn(client: Client, rows = 24): Promise<RemoteShell> {
  return new Promise((resolve, reject) => {
    client.shell({ cols: 80, rows, term: 'vt100' }, (error, channel) => {
      if (error) reject(error)
      else resolve(remoteShell(channel))
    })
  })
}

function remoteShell(channel: ClientChannel): RemoteShell {
  let printed = ''
  let seen = 0
  let wake = (): void => undefined
  channel.on('data', (data: Buffer) => {
    printed += data.toString()
    wake()
  })
  channel.on('close', () => wake())
  const until = async (ending: string): Promise<string> => {
    while (!(printed.length > seen && printed.endsWith(ending))) {
      if (channel.destroyed) throw new Error(`the channel closed after ${JSON.stringify(printed.slice(seen))}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    const since = printed.slice(seen)
    seen = printed.length
    return since
  }
  return {
    channel,
    get printed() {
      return printed
    },
    send: (text) => void channel.write(text),
    until,
  }
}
