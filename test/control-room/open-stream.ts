import { type ClientRequest, request } from 'node:http'

/** One event of a stream, and when it came, in milliseconds since the epoch. */
export interface StreamEvent {
  readonly event: string
  readonly data: Record<string, unknown>
  readonly came: number
}

/** A stream that stays open as a browser keeps it: when it is lost, it comes back behind the last id that it has. */
export interface OpenStream {
  readonly events: readonly StreamEvent[]
  /** How often it was connected. */
  readonly connections: number
  /** Why the server does not take it, if that was ever so. */
  readonly refused: readonly number[]
  close(): void
}

/** A browser waits as long as `retry:` says; this one is quicker, so that tests are. In milliseconds. */
const AGAIN = 50

/** Opens a stream (HTML Living Standard, section 9.2: server-sent events). */
export function openStream(origin: string, path: string, cookie: string): OpenStream {
  const events: StreamEvent[] = []
  const refused: number[] = []
  let connections = 0
  let lastId: string | undefined
  let isOver = false
  let asked: ClientRequest | undefined
  const connect = (): void => {
    let rest = ''
    let isAgain = false
    const again = (): void => {
      if (isOver || isAgain) return
      isAgain = true
      setTimeout(connect, AGAIN)
    }
    const headers = { cookie, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
    asked = request(origin + path, { headers }, (answer) => {
      if (answer.statusCode === 200) connections += 1
      else refused.push(answer.statusCode ?? 0)
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        const blocks = (rest + piece).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const fields = Object.fromEntries(
            block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          )
          if (fields.event === undefined) continue
          lastId = fields.id ?? lastId
          events.push({ event: fields.event, data: JSON.parse(fields.data ?? '{}'), came: Date.now() })
        }
      })
      answer.on('close', again)
      answer.on('error', again)
    })
    asked.on('error', again)
    asked.end()
  }
  connect()
  return {
    events,
    refused,
    get connections() {
      return connections
    },
    close: () => {
      isOver = true
      asked?.destroy()
    },
  }
}
