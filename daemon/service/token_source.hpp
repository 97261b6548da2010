// Signs in as configured and keeps the access token until shortly before it expires; a person's sign-in lives on by
// refresh tokens, each of which is on disk before anything else is done with it.
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <string>

#include "async/task_group.hpp"
#include "core/secrets.hpp"
#include "service/online_side.hpp"
#include "service/signin/boot_clock.hpp"
#include "service/signin/device_login.hpp"
#include "service/signin/keeper.hpp"
#include "service/signin/provider.hpp"

namespace samsynk::service {

class TokenSource : public agent::SignIn, public std::enable_shared_from_this<TokenSource> {
public:
    TokenSource(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport, Endpoint endpoint,
                std::shared_ptr<Keeper> keeper, EventSink& events);

    /// A token that is good for a while. Errors: sign_in_failed, state_failed, service_error, and those of HttpsClient.
    agent::Async<std::string> token();
    /// The service does not take this one any more.
    void forget(const std::string& token) {
        if (access_.token == token) access_.token.clear();
    }
    /// The service did not take a token that was just given: a person is required, until one is taken.
    void refused(const Error& error);
    void accepted();
    /// Ends what is under way, and all that comes, with `cancelled`. A refresh that has been sent is waited for, for a
    /// moment: its answer bears the only refresh token that is good from then on.
    void cancel();
    std::uint64_t requests() const { return provider_.requests(); }
    /// How long the sign-in service asked us to wait, when it last refused; 0 where it did not.
    std::chrono::seconds retry_after() const { return provider_.retry_after(); }

    agent::SignInStatus status() const override;
    agent::Async<std::shared_ptr<agent::Login>> login() override;
    agent::Async<agent::Logout> logout() override;
    void on_signed_in(std::function<void()> signed_in) override { signed_in_ = std::move(signed_in); }

private:
    struct Access {
        std::string token;
        BootClock::time_point renew_at{}, dead_at{};
        PresentSecret hidden{};
    };

    bool is_alive() const { return !access_.token.empty() && BootClock::now() < access_.dead_at; }
    Access access_of(const TokenReply& reply, BootClock::time_point asked_at);
    agent::Async<> renew();
    agent::Async<> sign_in_as_client();
    agent::Async<> refresh();
    agent::Async<> try_refresh_tokens(std::vector<std::string> tokens, std::string endpoint, FirstToken first);
    agent::Async<> take(TokenReply reply, Kept kept, BootClock::time_point asked_at);
    agent::Async<HttpReply> send_refresh_token(std::string token, std::string endpoint);
    boost::asio::awaitable<FirstToken> first_token();
    Result<std::vector<std::string>> refresh_tokens(const FirstToken& first) const;
    Kept kept_after(const std::string& used, const TokenReply& reply, const FirstToken& first) const;
    const Kept* ours() const;  ///< what is kept of this client at this issuer; null where nothing is
    std::string scope() const;

    static boost::asio::awaitable<void> follow(std::shared_ptr<TokenSource> self, std::shared_ptr<DeviceLogin> login);
    agent::Async<TokenReply> ask_until_done(std::shared_ptr<DeviceLogin> login);
    agent::Async<> keep_new(TokenReply reply);
    agent::Async<bool> revoke(std::string token);
    boost::asio::awaitable<std::string> seed();
    Error only_for_people() const;

    void note(const Error& error);
    void note_success(Message message, Level level);
    void publish(const std::string& name, Level level, Message message);

    boost::asio::any_io_executor executor_;
    Endpoint endpoint_;
    Provider provider_;
    std::shared_ptr<Keeper> keeper_;
    EventSink& events_;
    std::function<void()> signed_in_;
    std::minstd_rand random_{std::random_device{}()};

    Access access_;
    PresentSecret spent_;                                   ///< the token before: a late answer may still repeat it
    std::optional<Access> waiting_access_;                  ///< not to be used before its refresh token is on disk
    BootClock::time_point next_try_{};                      ///< of renewing ahead of time
    std::optional<std::pair<std::string, Error>> refused_;  ///< refresh tokens not to be tried again, and why
    int rotating_ = 0;
    boost::asio::steady_timer patience_;
    AskedAside<FirstToken> first_token_;

    std::shared_ptr<AsyncMutex> login_mutex_ = std::make_shared<AsyncMutex>();
    std::shared_ptr<DeviceLogin> login_;
    TaskGroup logins_;
    std::optional<Time> certificate_end_;
    Reason trouble_;
    bool worked_ = false;
    bool refused_by_service_ = false;
    bool cancelled_ = false;
};

}  // namespace samsynk::service
