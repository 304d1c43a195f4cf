import { createTransport, type Transporter } from "nodemailer";

export interface MailSenderOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; null sends nothing. */
  readonly smtpUrl: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Sends plain text through the operator's SMTP server. */
export class MailSender {
  readonly #options: MailSenderOptions;
  readonly #transport: Transporter | null;

  constructor(options: MailSenderOptions) {
    this.#options = options;
    const { smtpUrl, timeoutMs } = options;
    this.#transport =
      smtpUrl === null || options.to.length === 0
        ? null
        : createTransport({
            url: smtpUrl,
            connectionTimeout: timeoutMs,
            greetingTimeout: timeoutMs,
            socketTimeout: timeoutMs,
            disableFileAccess: true,
            disableUrlAccess: true,
          });
  }

  /** Does nothing where no server is configured. Throws where the server does not take it; the message names no address and no secret. */
  async send({ subject, text }: Mail): Promise<void> {
    const { from, to } = this.#options;
    try {
      await this.#transport?.sendMail({ from, to: [...to], subject, text });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "failed";
      throw new Error(`the mail server did not take it (${code})`, { cause: error });
    }
  }
}
