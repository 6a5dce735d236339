import { defineOpenRoute, type Route } from '../context/route.ts'
import { notThere } from '../request/readable.ts'

/** The style and the script of the pages: a browser keeps each of them for good, because its name says its content. */
export const webRoutes: readonly Route[] = [
  defineOpenRoute('GET /web/{file}', 'The style and the script of the pages', {
    answer: ({ web }, { path }) => {
      const { file = '' } = path
      const text = web.read(file)
      if (text === undefined) throw notThere('file')
      const type = file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8'
      return { text, headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' } }
    },
  }),
  defineOpenRoute('GET /favicon.ico', 'That there is none: browsers ask by themselves', {
    answer: () => ({ status: 204, headers: { 'cache-control': 'public, max-age=86400' } }),
  }),
]
