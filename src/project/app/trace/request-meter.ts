import type { ConnectMeter, Meter } from '../../../eos/device/meter.ts'
import type { Clock } from '../../../model/clock.ts'
import type { TraceParent } from '../../../model/trace-parent.ts'
import type { Spans } from './spans.ts'

/** Where a request to a switch is sent to, and what it is a part of. */
export interface RequestSpans {
  readonly spans: Spans
  /** The span around a request to this switch. */
  around(device: string): TraceParent
}

const UNHEARD: ConnectMeter = { reached: () => undefined, ended: () => undefined }

/**
 * A meter that has each request to a switch as a span, from its first byte to the last byte of the answer. `now` is asked for each request:
 * undefined where no span is open around it.
 */
export function requestMeter(clock: Pick<Clock, 'now' | 'monotonic'>, now: () => RequestSpans | undefined): Meter {
  return {
    line: ({ device, host, port, transport }) => ({
      connect: () => UNHEARD,
      request: (op) => {
        const open = now()
        const [at, begun] = [clock.now(), clock.monotonic()]
        const span = open?.spans.open({
          name: op,
          kind: 'client',
          parent: open.around(device),
          at,
          attributes: {
            'server.address': host,
            'server.port': port,
            'network.transport': 'tcp',
            'network.protocol.name': transport === 'ssh' ? 'ssh' : 'http',
            'eosflow.switch': device,
            'eosflow.op': op,
          },
        })
        let last: number | undefined
        return {
          heard: () => {
            last = clock.monotonic()
          },
          ended: (result) =>
            span?.end({
              at: at + Math.max(0, (last ?? clock.monotonic()) - begun),
              ...(result === 'ok' ? {} : { error: result }),
            }),
        }
      },
    }),
  }
}
