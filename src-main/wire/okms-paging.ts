import { z } from 'zod'

/** Page size unless asked otherwise. Source: okms-api 2.3. */
export const defaultPageSize = 100

const sizeRule = 'a page size is an integer of 10 to 100'

/** The request headers of a listing. Source: okms-api 2.4, L10. */
export const pagingHeaders = z.object({
  'x-pagination-size': z
    .string()
    .regex(/^\d{2,3}$/, sizeRule)
    .transform(Number)
    .refine((size) => size >= 10 && size <= 100, sizeRule)
    .optional()
    .meta({ type: 'integer', minimum: 10, maximum: 100, default: defaultPageSize }),
  'x-pagination-cursor': z.string().min(1).optional().meta({ format: 'base64url' }),
})

/** What the request headers of a listing say. */
export type PagingHeaders = z.output<typeof pagingHeaders>

/** The header of a reply after which more follows. */
export const cursorHeader = 'X-Pagination-Cursor-Next'

/** The reply header as a declaration has it. */
export const cursorReplyHeader = { [cursorHeader]: 'cursor of the next page; absent on the last' }
