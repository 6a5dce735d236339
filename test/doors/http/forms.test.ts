import { expect, test } from 'vitest'
import { routes } from '../../../src/doors/http/http-app.ts'
import { address } from '../../../src/report/page/html.ts'
import { PAGES } from '../../report/page/all-pages.ts'

/** A form as a browser would send it: how, where to, and the names of its fields. */
interface SentForm {
  readonly page: string
  readonly method: string
  readonly action: string
  readonly names: readonly string[]
}

const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]

/** Every form of a page with its fields, those too that are outside of it and name it. */
function formsOf(page: string, text: string) {
  const named = [...text.matchAll(/<(?:input|select|textarea|button)\b[^>]*>/g)].map(([tag]) => tag)
  return [...text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head = '', inside = '']) => {
    const id = attribute(head, 'id')
    const own = named.filter((tag) => inside.includes(tag) || (id !== undefined && attribute(tag, 'form') === id))
    const names = own.flatMap((tag) => attribute(tag, 'name') ?? [])
    const action = decodeURIComponent(attribute(head, 'action') ?? '')
    return { page, method: (attribute(head, 'method') ?? 'get').toUpperCase(), action, names: [...new Set(names)] }
  })
}

function routeOf({ method, action }: SentForm) {
  return routes.find((route) => {
    const path = route.path
      .replace(/[.]/g, '\\.')
      .replace(/\{\w+\+\}/g, '.+')
      .replace(/\{\w+\}/g, '[^/]+')
    return route.method === method && new RegExp(`^${path}$`).test(action)
  })
}

test('every form of every page is posted to a route that takes each of its fields', () => {
  const forms = Object.entries(PAGES).flatMap(([name, { body, bar }]) => formsOf(name, `${body}${bar ?? ''}`))
  const faults = forms.flatMap((form) => {
    const route = routeOf(form)
    if (route === undefined) return [`${form.page}: nothing answers ${form.method} ${form.action}`]
    const taken = new Set([...Object.keys(route.input?.shape ?? {}), 'csrf'])
    const unknown = form.names.filter((name) => !taken.has(name.startsWith('params.') ? 'params' : name))
    return unknown.map((name) => `${form.page}: ${form.method} ${form.action} does not take \`${name}\``)
  })
  expect(faults).toEqual([])
  expect(forms.length).toBeGreaterThanOrEqual(17)
  expect(forms.filter(({ names }) => names.some((name) => name.startsWith('params.'))).length).toBeGreaterThan(0)
  expect(new Set(forms.map(({ action }) => action)).size).toBeGreaterThanOrEqual(12)
})

test('every address that pages lead to is answered', () => {
  // An act is the second part: of an execution, or of a schedule.
  const places = Object.entries(address).map(([name, place]) =>
    typeof place === 'string'
      ? place
      : (place as (...parts: string[]) => string)('a', name === 'schedule' ? 'pause' : 'stop'),
  )
  const answered = (place: string) =>
    ['GET', 'POST'].some(
      (method) => routeOf({ page: '', method, action: decodeURIComponent(place), names: [] }) !== undefined,
    )
  expect(places.filter((place) => !answered(place))).toEqual([])
  expect(places.length).toBeGreaterThan(20)
})
