import { type Answer, type AskedService, Unpublished } from '../around/services/loopback-service.ts'

/** One operation of an API: its method, its path with `:name` for a segment and `*name` for the rest, and what answers it. */
export type Route = readonly [
  method: string,
  path: string,
  answer: (at: Readonly<Record<string, string>>, asked: AskedService) => Answer,
]

/** Answers by the first route that fits. Throws Unpublished for an operation that is in none. */
export function routed(routes: readonly Route[]): (asked: AskedService) => Answer {
  const compiled = routes.map(([method, path, answer]) => {
    const source = path
      .replace(/[.]/g, '\\.')
      .replace(/:(\w+)/g, '(?<$1>[^/]+)')
      .replace(/\*(\w+)/g, '(?<$1>.+)')
    return { method, pattern: new RegExp(`^${source}$`), answer }
  })
  return (asked) => {
    const [method = '', path = ''] = asked.what.split(' ')
    for (const one of compiled) {
      const found = one.method === method ? one.pattern.exec(path) : null
      if (found === null) continue
      const at = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)]),
      )
      return one.answer(at, asked)
    }
    throw new Unpublished('no such operation')
  }
}
