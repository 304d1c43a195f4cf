import { Select, type SelectProps } from "@mantine/core";
import { roles, type Role } from "@switchyard/api-contract/operation";

const descriptions: { readonly [role in Role]: string } = {
  owner: "Owner: everything, members included",
  admin: "Admin: policy, keys, providers, money",
  finance: "Finance: budgets, prices, corrections",
  viewer: "Viewer: reads everything, changes nothing",
};

interface RoleSelectProps extends Omit<SelectProps, "data" | "value" | "onChange"> {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

export function RoleSelect({ value, onChange, ...select }: RoleSelectProps) {
  return (
    <Select
      {...select}
      data={roles.map((role) => ({ value: role, label: descriptions[role] }))}
      value={value}
      onChange={(role) => role !== null && onChange(role as Role)}
      allowDeselect={false}
    />
  );
}
