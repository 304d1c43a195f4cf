/** As much of an SMTP server (RFC 5321) as takes a mail: it accepts everything and keeps it. */
import { createServer, type AddressInfo, type Socket } from "node:net";

export async function startMailbox() {
  const mails: string[] = [];
  const recipients: string[] = [];
  const server = createServer((socket) => converse(socket, mails, recipients));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, mails, recipients, close: () => void server.close() };
}

function converse(socket: Socket, mails: string[], recipients: string[]): void {
  let unread = "";
  let isMail = false;
  socket.write("220 mailbox\r\n");
  socket.setEncoding("utf8").on("data", (text: string) => {
    unread += text;
    for (let end = unread.indexOf(isMail ? "\r\n.\r\n" : "\r\n"); end !== -1;) {
      const part = unread.slice(0, end);
      unread = unread.slice(end + (isMail ? 5 : 2));
      if (isMail) mails.push(part);
      const recipient = /^RCPT TO:<([^>]*)>/i.exec(part)?.[1];
      if (!isMail && recipient !== undefined) recipients.push(recipient);
      isMail = !isMail && /^DATA$/i.test(part);
      socket.write(isMail ? "354 go on\r\n" : /^QUIT$/i.test(part) ? "221 bye\r\n" : "250 ok\r\n");
      end = unread.indexOf(isMail ? "\r\n.\r\n" : "\r\n");
    }
  });
}
