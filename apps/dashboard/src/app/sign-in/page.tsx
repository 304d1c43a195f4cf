import { Suspense } from "react";
import { SignInScreen } from "../../features/sign-in/sign-in-screen.tsx";

export const metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <Suspense>
      <SignInScreen />
    </Suspense>
  );
}
