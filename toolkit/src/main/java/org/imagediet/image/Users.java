package org.imagediet.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The users and groups an image knows, and what a USER line means with them. */
public final class Users {

  private static final int MOST = 10_000;

  private record Account(String name, long id, long gid) {}

  private final List<Account> users;
  private final List<Account> groups;

  private Users(List<Account> users, List<Account> groups) {
    this.users = users;
    this.groups = groups;
  }

  static Users of(FileTree tree) {
    return new Users(
        accounts(tree.bytes("/etc/passwd"), true), accounts(tree.bytes("/etc/group"), false));
  }

  private static List<Account> accounts(Optional<byte[]> file, boolean user) {
    List<Account> accounts = new ArrayList<>();
    String text = file.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    for (String line : text.lines().limit(MOST).toList()) {
      String[] fields = line.split(":", -1);
      if (fields.length >= (user ? 4 : 3) && number(fields[2]).isPresent()) {
        long group = user ? number(fields[3]).orElse(0L) : 0;
        accounts.add(new Account(fields[0], number(fields[2]).get(), group));
      }
    }
    return accounts;
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,10}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  /** Returns the first name of a user id. */
  public Optional<String> name(long uid) {
    return users.stream().filter(user -> user.id() == uid).map(Account::name).findFirst();
  }

  /**
   * Resolves a USER line as an engine does: a name must be known, a number need not be, and without
   * a group the user's own holds, or 0 when there is none.
   */
  public ResolvedUser resolve(String user) {
    String[] parts = user.isEmpty() ? new String[] {"0"} : user.split(":", 2);
    Optional<Account> account =
        users.stream().filter(known -> known.name().equals(parts[0])).findFirst();
    Optional<Long> uid = account.map(Account::id).or(() -> number(parts[0]));
    if (uid.isEmpty()) {
      return ResolvedUser.unknown("no user " + parts[0] + " in the image's /etc/passwd");
    }
    Optional<Account> byId =
        account.or(() -> users.stream().filter(u -> u.id() == uid.get()).findFirst());
    Optional<Long> gid;
    if (parts.length == 2 && !parts[1].isEmpty()) {
      gid =
          groups.stream()
              .filter(group -> group.name().equals(parts[1]))
              .map(Account::id)
              .findFirst()
              .or(() -> number(parts[1]));
      if (gid.isEmpty()) {
        return ResolvedUser.unknown("no group " + parts[1] + " in the image's /etc/group");
      }
    } else {
      gid = Optional.of(byId.map(Account::gid).orElse(0L));
    }
    return new ResolvedUser(
        Optional.of(uid.get()), Optional.of(gid.get()), byId.map(Account::name), "");
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
