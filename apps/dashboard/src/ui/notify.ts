import { notifications } from "@mantine/notifications";

export function notifyDone(message: string): void {
  notifications.show({ message });
}

export function notifyFailure(error: Error): void {
  notifications.show({ color: "red", title: "This did not work", message: error.message, autoClose: 10_000 });
}
