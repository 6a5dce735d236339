import type { z } from 'zod'
import { type PageContent, page, type Viewer } from '../../report/page/layout.ts'
import { personName } from '../../report/person-name.ts'
import type { Front } from '../front.ts'
import type { Known } from '../known.ts'
import { type Answer, defineRoute, type Route, type RouteAction, type RouteRequest } from '../route.ts'

/** A page as it is written: what it shows for one viewer. */
export interface PageOf<Input extends z.ZodObject> {
  readonly path: string
  readonly action: Exclude<RouteAction, 'anybody'>
  readonly summary: string
  readonly input?: Input
  show(front: Front, request: RouteRequest<z.output<Input>, Known>): Promise<PageContent> | PageContent
}

/** A page for somebody who is known. */
export function definePage<Input extends z.ZodObject = z.ZodObject>({ show, ...route }: PageOf<Input>): Route {
  return defineRoute<Input>({
    method: 'GET',
    ...route,
    answer: async (front, request) => pageAnswer(front, await show(front, request), request.caller),
  })
}

/** A page in its frame: with the navigation, for somebody who is known. */
export function pageAnswer(front: Front, content: PageContent, caller?: Known, status = 200): Answer {
  const { style, script } = front.web
  const me = caller === undefined ? {} : { me: viewerOf(front, caller) }
  return { status, html: page({ ...content, ...me, assets: { style, script }, now: front.app.clock.now() }) }
}

function viewerOf({ app }: Front, caller: Known): Viewer {
  const hasSchedules = app.project.settings.schedules.length > 0
  return { name: personName(caller.principal), csrf: tokenOf(caller), ...(hasSchedules ? { hasSchedules } : {}) }
}

/** What the forms of a page send; a program has none. */
export function tokenOf({ session }: Known): string {
  return session?.token ?? ''
}
