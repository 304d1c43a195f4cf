"use client";
import { Alert, Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { signIn } from "../../session/sign-in.ts";
import { Logo } from "../../ui/logo.tsx";

/** Only paths of our own: an absolute or protocol-relative address must not lead a fresh session elsewhere. */
function safeReturnPath(path: string | null): string {
  return path && /^\/(?![/\\])/.test(path) ? path : "/";
}

export function SignInScreen() {
  const router = useRouter();
  const returnTo = safeReturnPath(useSearchParams().get("returnTo"));
  const queryClient = useQueryClient();
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const attempt = useMutation({
    mutationFn: (values: { email: string; password: string }) => signIn(values.email, values.password),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      router.replace(returnTo);
    },
  });
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={380} gap="lg">
        <Center>
          <Logo />
        </Center>
        <Card withBorder padding="xl">
          <form onSubmit={form.onSubmit((values) => attempt.mutate(values))}>
            <Stack>
              <Title order={1} size="h3">
                Sign in
              </Title>
              {attempt.error && (
                <Alert color="red" role="alert">
                  {attempt.error.message}
                </Alert>
              )}
              <TextInput
                label="E-mail address"
                type="email"
                autoComplete="username"
                required
                // The page has one purpose, and this is where it begins.
                // oxlint-disable-next-line jsx-a11y/no-autofocus
                autoFocus
                key={form.key("email")}
                {...form.getInputProps("email")}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                required
                key={form.key("password")}
                {...form.getInputProps("password")}
              />
              <Button type="submit" loading={attempt.isPending} fullWidth>
                Sign in
              </Button>
            </Stack>
          </form>
        </Card>
        <Text size="xs" c="dimmed" ta="center">
          The first start printed your login; it is also in first-run.json in the state directory.
        </Text>
      </Stack>
    </Center>
  );
}
