package org.imagediet.image;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The users and groups an image knows, and what a USER line means with them. The rules, odd as some
 * are, are those of the engines' runtime, since what counts is who the process will be.
 */
public final class Users {

  private static final int MOST = 10_000;
  private static final long GREATEST_ID = Integer.MAX_VALUE;
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,200}");

  private record Account(String name, long id, long gid, Set<String> members) {}

  private final List<Account> users;
  private final List<Account> groups;

  private Users(List<Account> users, List<Account> groups) {
    this.users = users;
    this.groups = groups;
  }

  static Users of(FileTree tree) {
    return of(tree.bytes("/etc/passwd"), tree.bytes("/etc/group"));
  }

  static Users of(Optional<byte[]> passwd, Optional<byte[]> group) {
    return new Users(accounts(passwd), accounts(group));
  }

  /** Name, password, number; then, of a user, the number of its group, of a group its members. */
  private static List<Account> accounts(Optional<byte[]> file) {
    String text = file.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    List<Account> accounts = new ArrayList<>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(MOST)
        .forEach(
            line -> {
              String[] fields = line.split(":", -1);
              Set<String> members =
                  fields.length > 3 ? new HashSet<>(List.of(fields[3].split(","))) : Set.of();
              accounts.add(new Account(fields[0], field(fields, 2), field(fields, 3), members));
            });
    return accounts;
  }

  /**
   * A field that is missing or no number is 0 to a runtime, and a greater one loses what does not
   * fit in 32 bits: both can mean root.
   */
  private static long field(String[] fields, int index) {
    if (index >= fields.length || !NUMBER.matcher(fields[index]).matches()) {
      return 0;
    }
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    BigInteger value = new BigInteger(fields[index]).min(most).max(most.negate());
    return value.longValue() & 0xffffffffL;
  }

  private static Optional<Long> number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    BigInteger value = new BigInteger(text);
    return value.bitLength() < Long.SIZE ? Optional.of(value.longValue()) : Optional.empty();
  }

  /** Returns the first name of a user id. */
  public Optional<String> name(long uid) {
    return users.stream().filter(user -> user.id() == uid).map(Account::name).findFirst();
  }

  /**
   * Resolves a USER line as an engine does: a number is an id even where an account has it for a
   * name; a name must be known, a number need not be; without a group the user's own holds, or 0
   * when there is none.
   */
  public ResolvedUser resolve(String user) {
    String[] parts = user.split(":", 2);
    String who = parts[0].isEmpty() ? "0" : parts[0];
    Optional<Account> account = find(users, who);
    Optional<Long> uid = number(who).or(() -> account.map(Account::id));
    if (uid.isEmpty()) {
      return ResolvedUser.unknown("no user " + who + " in the image's /etc/passwd");
    }
    Optional<Long> gid = Optional.of(account.map(Account::gid).orElse(0L));
    if (parts.length == 2 && !parts[1].isEmpty()) {
      gid = number(parts[1]).or(() -> find(groups, parts[1]).map(Account::id));
      if (gid.isEmpty()) {
        return ResolvedUser.unknown("no group " + parts[1] + " in the image's /etc/group");
      }
    }
    if (outside(uid.get()) || outside(gid.get())) {
      return ResolvedUser.unknown("ids must lie between 0 and " + GREATEST_ID);
    }
    return new ResolvedUser(uid, gid, account.map(Account::name), "");
  }

  /**
   * Returns the groups a USER line brings beside the one it resolves to: those that list the user
   * as a member. A line that names a group brings none.
   */
  public Set<Long> supplementaryGroups(String user) {
    String[] parts = user.split(":", 2);
    if (parts.length == 2 && !parts[1].isEmpty()) {
      return Set.of();
    }
    return find(users, parts[0].isEmpty() ? "0" : parts[0])
        .map(Account::name)
        .map(
            name ->
                groups.stream()
                    .filter(group -> group.members().contains(name))
                    .map(Account::id)
                    .collect(Collectors.toUnmodifiableSet()))
        .orElse(Set.of());
  }

  private static Optional<Account> find(List<Account> accounts, String who) {
    Optional<Long> id = number(who);
    return accounts.stream()
        .filter(known -> id.map(i -> i.longValue() == known.id()).orElse(known.name().equals(who)))
        .findFirst();
  }

  private static boolean outside(long id) {
    return id < 0 || id > GREATEST_ID;
  }

  /**
   * What a USER line means.
   *
   * @param problem why it means nothing; empty when it does
   */
  public record ResolvedUser(
      Optional<Long> uid, Optional<Long> gid, Optional<String> name, String problem) {

    static ResolvedUser unknown(String problem) {
      return new ResolvedUser(Optional.empty(), Optional.empty(), Optional.empty(), problem);
    }

    /** Returns whether it is root, under whatever name. */
    public boolean root() {
      return uid.filter(id -> id == 0).isPresent();
    }
  }
}
