import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../model/http-port.ts'
import type { ServiceAnswer, Services } from './schema.ts'

/** Services that are not there: they say what a case lets them say. */
export interface MockedServices {
  readonly http: HttpPort
  /** What they were asked, in order: method and address. */
  readonly calls: readonly string[]
}

/**
 * The services of a case. A request is given the first of its service's answers that is meant for it and not used up; without one it is
 * refused (`guard`), by name.
 */
export function mockedServices(services: Services, clock: Clock): MockedServices {
  const calls: string[] = []
  const used = new Map<ServiceAnswer, number>()
  const answerTo = (request: HttpRequest): ServiceAnswer => {
    const { origin, pathname, search } = new URL(request.url)
    const asked = `${request.method} ${pathname}${search}`
    const answer = services[origin]?.find(
      (one) => isMeant(one.to, asked) && (one.times === undefined || (used.get(one) ?? 0) < one.times),
    )
    if (answer === undefined) throw notMocked(request, origin, asked)
    used.set(answer, (used.get(answer) ?? 0) + 1)
    return answer
  }
  return {
    calls,
    http: {
      scrub: (text) => text,
      send: async (request, signal) => {
        const answer = answerTo(request)
        calls.push(`${request.method} ${request.url}`)
        return answered(request, answer, signal, clock)
      },
    },
  }
}

/** Whether an answer is meant for a method and path; `*` stands for anything. */
function isMeant(to: string | undefined, asked: string): boolean {
  if (to === undefined) return true
  const pattern = to.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${pattern}$`, 'su').test(asked)
}

async function answered(
  { name, milliseconds }: HttpRequest,
  { after = 0, fails, status, headers, body }: ServiceAnswer,
  signal: AbortSignal,
  clock: Clock,
): Promise<HttpAnswer> {
  const waited = Math.min(after * 1000, milliseconds)
  if (waited > 0) await clock.sleep(waited, signal)
  if (fails !== undefined) throw new EosflowError(fails, `${name}: ${SAYS[fails]}`)
  if (after * 1000 > milliseconds)
    throw new EosflowError('lost-answer', `${name}: no answer within ${milliseconds / 1000} s`)
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain' : 'application/json'
  const given = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value] as const)
  return {
    status,
    headers: { ...(body === undefined ? {} : { 'content-type': type }), ...Object.fromEntries(given) },
    body: new TextEncoder().encode(body === undefined ? '' : isText ? body : JSON.stringify(body)),
  }
}

const SAYS = {
  unreachable: 'nobody answers at this address',
  'lost-answer': 'the connection ended before the answer',
} as const

function notMocked({ name }: HttpRequest, origin: string, asked: string): EosflowError {
  const message = `${name}: the test has no answer of ${origin} to ${asked}`
  return new EosflowError('guard', message, {
    hint: `Add one under services: ${origin}: of the case; a test asks no real service.`,
    fault: { name: 'States.Permissions', cause: message },
  })
}
