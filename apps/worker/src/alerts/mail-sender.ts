import { createTransport, type Transporter } from "nodemailer";

export interface MailSenderOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; null sends nothing. */
  readonly smtpUrl: string | null;
  readonly from: string;
  /** Who gets mail that names no recipients of its own. */
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
  /** In place of the usual recipients. */
  readonly to?: readonly string[];
}

/** Sends plain text through the operator's SMTP server. */
export class MailSender {
  readonly #options: MailSenderOptions;
  readonly #transport: Transporter | null;

  constructor(options: MailSenderOptions) {
    this.#options = options;
    const { smtpUrl, timeoutMs } = options;
    this.#transport =
      smtpUrl === null
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

  /** Answers what went wrong, in words that name no address and no secret. Does nothing without a server or a recipient. */
  async trySend({ subject, text, to = this.#options.to }: Mail): Promise<string[]> {
    if (to.length === 0) return [];
    try {
      await this.#transport?.sendMail({ from: this.#options.from, to: [...to], subject, text });
      return [];
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "failed";
      return [`e-mail: the mail server did not take it (${code})`];
    }
  }
}
