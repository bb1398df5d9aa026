import { BadRequestException } from '@nestjs/common'
import type { PipeTransform } from '@nestjs/common'

/** A field of the body that has to be a string. */
export const text: PipeTransform<unknown, string> = {
  transform: (value, { data }) => {
    if (typeof value === 'string') return value
    throw new BadRequestException(`${data} must be a string in a body of content-type application/json.`)
  },
}

/** A field of the body that is true, false or missing. */
export const flag: PipeTransform<unknown, boolean> = {
  transform: (value = false, { data }) => {
    if (typeof value === 'boolean') return value
    throw new BadRequestException(`${data} must be true or false.`)
  },
}
