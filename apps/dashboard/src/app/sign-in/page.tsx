import { Suspense } from "react";
import { SignInScreen } from "../../features/sign-in/sign-in-screen.tsx";

export default function SignInPage() {
  return (
    <Suspense>
      <SignInScreen />
    </Suspense>
  );
}
