import type { z } from 'zod'
import { type PageContent, page, type Viewer } from '../../../report/page/layout.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import type { FrontContext } from './front-context.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import { defineRoute, type Route, type RouteAction, type RouteAnswer, type RouteRequest } from './route.ts'

export interface PageOf<Input extends z.ZodObject> {
  readonly path: string
  readonly action: Exclude<RouteAction, 'anybody'>
  readonly summary: string
  readonly input?: Input
  show(
    front: FrontContext,
    request: RouteRequest<z.output<Input>, IdentifiedCaller>,
  ): Promise<PageContent> | PageContent
}

export function definePage<Input extends z.ZodObject = z.ZodObject>({ show, ...route }: PageOf<Input>): Route {
  return defineRoute<Input>({
    method: 'GET',
    ...route,
    answer: async (front, request) => pageAnswer(front, await show(front, request), request.caller),
  })
}

export function pageAnswer(
  front: FrontContext,
  content: PageContent,
  caller?: IdentifiedCaller,
  status = 200,
): RouteAnswer {
  const { style, script } = front.web
  const me = caller === undefined ? {} : { me: viewerOf(front, caller) }
  return { status, html: page({ ...content, ...me, assets: { style, script }, now: front.app.clock.now() }) }
}

function viewerOf({ app }: FrontContext, caller: IdentifiedCaller): Viewer {
  const hasSchedules = app.project.settings.schedules.length > 0
  return { name: personName(caller.principal), csrf: tokenOf(caller), ...(hasSchedules ? { hasSchedules } : {}) }
}

export function tokenOf({ session }: IdentifiedCaller): string {
  return session?.token ?? ''
}
