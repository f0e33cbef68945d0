import 'reflect-metadata'
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpCode,
  Inject,
  Module,
  Post,
  Req,
  Res,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import type { Authentication, Refusal, ResultAsync, Session } from 'ccass-2fa'
import type { Request, Response } from 'express'
import { contextOf, cookieName, cookieOptions, problemOf } from './http.ts'

export const AUTHENTICATION = Symbol('Authentication')

/** A refusal on its way to the filter. */
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** The value, or an exception that the filter answers: Nest’s controllers answer by throwing. */
const orRefuse = async <T>(answer: ResultAsync<T, Refusal>): Promise<T> => {
  const result = await answer
  if (result.isErr()) throw new Refused(result.error)
  return result.value
}

@Catch(Refused)
class RefusalFilter implements ExceptionFilter<Refused> {
  catch({ refusal }: Refused, host: ArgumentsHost) {
    const http = host.switchToHttp()
    const request = http.getRequest<Request>()
    const { body, headers } = problemOf(refusal, request.get('accept-language'))
    http.getResponse<Response>().status(body.status).set(headers).send(JSON.stringify(body))
  }
}

@Controller()
class SignInController {
  @Inject(AUTHENTICATION) private readonly auth!: Authentication

  private session(request: Request): Promise<Session> {
    const sealed = new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(request.get('cookie') ?? '')?.[1] ?? ''
    return orRefuse(this.auth.sessions.open({ sealed, system: 'CCASS/CCMS' }))
  }

  @Post('sign-in')
  @HttpCode(200)
  signIn(@Body() { userId, password }: { userId: string; password: string }, @Req() request: Request) {
    const context = contextOf(request.ip, request.get('user-agent'))
    return orRefuse(this.auth.signIn.begin({ userId, password, system: 'CCASS/CCMS', context }))
  }

  @Post('sign-in/otp')
  @HttpCode(200)
  async confirmOtp(
    @Body() { challenge, code }: { challenge: string; code: string },
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const context = contextOf(request.ip, request.get('user-agent'))
    const done = await orRefuse(this.auth.signIn.confirmOtp({ challenge, code, context }))
    if (done.next !== 'done') return done
    const sealed = await orRefuse(this.auth.sessions.seal({ session: done.session }))
    response.cookie(cookieName, sealed, { ...cookieOptions, encode: String })
    return { next: 'done', password: done.password }
  }

  @Get('me')
  async me(@Req() request: Request) {
    return { userId: (await this.session(request)).userId }
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await orRefuse(this.auth.sessions.signOut({ session: await this.session(request) }))
    response.clearCookie(cookieName, cookieOptions)
  }
}

@Module({})
class SignInModule {}

/** The module, for `NestFactory.create` or the `imports` of another. */
export const signInModule = (auth: Authentication) => ({
  module: SignInModule,
  controllers: [SignInController],
  providers: [
    { provide: AUTHENTICATION, useValue: auth },
    { provide: APP_FILTER, useClass: RefusalFilter },
  ],
})
