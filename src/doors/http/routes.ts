import { VERSION } from '../../model/version.ts'
import { mcpRoutes } from './agent/mcp-routes.ts'
import { defineOpenRoute, type Route } from './context/route.ts'
import { openApiDocument } from './openapi.ts'
import { actPages } from './pages/act-pages.ts'
import { changePages } from './pages/change-pages.ts'
import { executionPages } from './pages/execution-pages.ts'
import { recordPages } from './pages/record-pages.ts'
import { rehearsalPages } from './pages/rehearsal-pages.ts'
import { streamRoutes } from './pages/stream-route.ts'
import { switchPages } from './pages/switch-pages.ts'
import { webRoutes } from './pages/web-routes.ts'
import type { PublicAddress } from './request/public-address.ts'
import { actRoutes } from './routes/act-routes.ts'
import { executionRoutes } from './routes/execution-routes.ts'
import { hookRoutes } from './routes/hook-routes.ts'
import { loginRoutes } from './routes/login-routes.ts'
import { ownRoutes } from './routes/own-routes.ts'
import { planRoutes } from './routes/plan-routes.ts'
import { recordRoutes } from './routes/record-routes.ts'
import { rehearsalRoutes } from './routes/rehearsal-routes.ts'
import { scheduleRoutes } from './routes/schedule-routes.ts'
import { switchRoutes } from './routes/switch-routes.ts'
import { workflowRoutes } from './routes/workflow-routes.ts'

/** Everything that the server answers: one list, from which the router, the description and the table of who may what are made. */
export const routes: readonly Route[] = [
  ...ownRoutes,
  defineOpenRoute({
    method: 'GET',
    path: '/openapi.json',
    summary: 'The description of the routes for programs (OpenAPI 3.1)',
    answer: ({ address }) => ({ jsonText: descriptionFor(address) }),
  }),
  ...loginRoutes,
  ...workflowRoutes,
  ...planRoutes,
  ...executionRoutes,
  ...switchRoutes,
  ...recordRoutes,
  ...actRoutes,
  ...rehearsalRoutes,
  ...hookRoutes,
  ...scheduleRoutes,
  ...streamRoutes,
  ...mcpRoutes,
  ...webRoutes,
  ...changePages,
  ...rehearsalPages,
  ...executionPages,
  ...switchPages,
  ...recordPages,
  ...actPages,
]

/** Anybody may ask for it as often as they like, so it is made once. */
function descriptionFor(address: PublicAddress): string {
  const made =
    described.get(address) ?? JSON.stringify(openApiDocument(routes, { version: VERSION, server: address.origin }))
  described.set(address, made)
  return made
}

const described = new WeakMap<PublicAddress, string>()
